/*
 * The log of events of an account, in the order of the commits. `position` is the cursor of readers. `message_id` is
 * for deletions, which must erase the events of the message too.
 */
export const sqlite = `
create table events (
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
) strict, without rowid;
create index events_message on events (account_id, message_id) where message_id is not null;
`
