/* As on SQLite. */
export const postgres = `
alter table conversations add column merged_into_id bigint;
create index conversations_merged on conversations (account_id, merged_into_id) where merged_into_id is not null;

create table conversation_moves (
  account_id bigint not null,
  id bigint not null,
  kind text collate "C" not null check (kind in ('merge', 'split')),
  from_id bigint not null,
  to_id bigint not null,
  author_id bigint references users (id),
  status text collate "C" not null check (status in ('moving', 'done', 'undoing')),
  first_message_id bigint not null,
  before text collate "C" not null,
  message_count bigint not null,
  expires_at bigint,
  created_at bigint not null,
  updated_at bigint not null,
  primary key (account_id, id),
  foreign key (account_id, from_id) references conversations (account_id, id) on delete cascade,
  foreign key (account_id, to_id) references conversations (account_id, id) on delete cascade
);
create index conversation_moves_from on conversation_moves (account_id, from_id, id);
create index conversation_moves_to on conversation_moves (account_id, to_id, id);
create index conversation_moves_active on conversation_moves (updated_at) where status <> 'done';
create index conversation_moves_expiring on conversation_moves (expires_at) where expires_at is not null;

create table moved_messages (
  account_id bigint not null,
  move_id bigint not null,
  message_id bigint not null,
  idempotency_key text collate "C",
  primary key (account_id, move_id, message_id),
  foreign key (account_id, move_id) references conversation_moves (account_id, id) on delete cascade
);
create index moved_messages_message on moved_messages (account_id, message_id, move_id);
create function moved_message_deleted() returns trigger language plpgsql as $$
begin
  delete from moved_messages where account_id = old.account_id and message_id = old.id;
  return null;
end $$;
create trigger messages_moved_deleted after delete on messages
  for each row execute function moved_message_deleted();
`
