/*
 * On SQLite the log becomes a table with row ids, so that appending fills page after page. Clustered by its key, with
 * six events in each page of the B-tree, pages were split every few events, and their rows were moved.
 */
export const sqlite = `
create table events_with_row_ids (
  account_id integer not null references accounts (id),
  position integer not null,
  name text not null,
  audience text not null check (audience in ('agents', 'everyone', 'server')),
  conversation_id integer,
  inbox_id integer,
  contact_id integer,
  message_id integer,
  data text not null,
  created_at integer not null,
  primary key (account_id, position)
) strict;
insert into events_with_row_ids select * from events order by account_id, position;
drop table events;
alter table events_with_row_ids rename to events;
create index events_message on events (account_id, message_id) where message_id is not null;
create index events_conversation on events (account_id, conversation_id) where message_id is null;
`
