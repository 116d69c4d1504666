/*
 * Messages that were moved from one conversation to another. A conversation that was merged has no messages any more, and
 * `merged_into_id` leads to the one that has them. `moved_messages` says which messages came with a move, for a week: so
 * long it can be undone, and what knows only the previous conversation of a message finds it.
 */
export const sqlite = `
alter table conversations add column merged_into_id integer;
create index conversations_merged on conversations (account_id, merged_into_id) where merged_into_id is not null;

create table conversation_moves (
  account_id integer not null,
  id integer not null,
  kind text not null check (kind in ('merge', 'split')),
  from_id integer not null,
  to_id integer not null,
  author_id integer references users (id),
  status text not null check (status in ('moving', 'done', 'undoing')),
  first_message_id integer not null,
  before text not null,
  message_count integer not null,
  expires_at integer,
  created_at integer not null,
  updated_at integer not null,
  primary key (account_id, id),
  foreign key (account_id, from_id) references conversations (account_id, id) on delete cascade,
  foreign key (account_id, to_id) references conversations (account_id, id) on delete cascade
) strict, without rowid;
create index conversation_moves_from on conversation_moves (account_id, from_id, id);
create index conversation_moves_to on conversation_moves (account_id, to_id, id);
create index conversation_moves_active on conversation_moves (updated_at) where status <> 'done';
create index conversation_moves_expiring on conversation_moves (expires_at) where expires_at is not null;

create table moved_messages (
  account_id integer not null,
  move_id integer not null,
  message_id integer not null,
  idempotency_key text,
  primary key (account_id, move_id, message_id),
  foreign key (account_id, move_id) references conversation_moves (account_id, id) on delete cascade
) strict, without rowid;
create index moved_messages_message on moved_messages (account_id, message_id, move_id);
create trigger messages_moved_deleted after delete on messages begin
  delete from moved_messages where account_id = old.account_id and message_id = old.id;
end;
`
