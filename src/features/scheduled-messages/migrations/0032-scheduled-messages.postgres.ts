/* As on SQLite. */
export const postgres = `
create table scheduled_messages (
  account_id bigint not null,
  id bigint not null,
  conversation_id bigint not null,
  author_id bigint not null references users (id),
  content text collate "C" not null,
  private smallint not null,
  attachments text collate "C",
  send_at bigint not null,
  due_at bigint,
  cancel_if_contact_replies smallint not null,
  status text collate "C" not null check (status in ('pending', 'cancelled', 'failed')),
  reason text collate "C",
  created_at bigint not null,
  updated_at bigint not null,
  primary key (account_id, id),
  foreign key (account_id, conversation_id) references conversations (account_id, id) on delete cascade
);
create index scheduled_messages_conversation on scheduled_messages (account_id, conversation_id);
create index scheduled_messages_due on scheduled_messages (due_at) where due_at is not null;

create function scheduled_messages_cancelled() returns trigger language plpgsql as $$
begin
  update scheduled_messages set status = 'cancelled', due_at = 0, updated_at = new.created_at
    where account_id = new.account_id and conversation_id = new.conversation_id
      and status = 'pending' and cancel_if_contact_replies = 1;
  return null;
end $$;
create trigger messages_cancel_scheduled after insert on messages
  for each row when (new.message_type = 'incoming') execute function scheduled_messages_cancelled();

create trigger scheduled_messages_files_insert after insert on scheduled_messages
  for each row when (new.attachments is not null) execute function file_uses_changed();
create trigger scheduled_messages_files_update after update of attachments on scheduled_messages
  for each row when (old.attachments is distinct from new.attachments) execute function file_uses_changed();
create trigger scheduled_messages_files_delete after delete on scheduled_messages
  for each row when (old.attachments is not null) execute function file_uses_changed();
`
