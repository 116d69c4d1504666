/*
 * `due_at` is when the server has to do something: send a pending message, or log that one was cancelled. A trigger
 * cancels those that are not to be sent after an answer, so that the message of the contact does it in its own statement.
 * The other triggers count the uses of files, as in migration 30.
 */
const keys = (row: string) => `(select value ->> 'key' from json_each(${row}.attachments))`
const use = `update files set shares = shares + 1
    where account_id = new.account_id and due_at is null and key in ${keys('new')}`
const release = `update files set shares = max(shares - 1, 0), due_at = case when shares = 0 then 0 end,
      name = case when shares = 0 then '' else name end
    where account_id = old.account_id and due_at is null and key in ${keys('old')}`

export const sqlite = `
create table scheduled_messages (
  account_id integer not null,
  id integer not null,
  conversation_id integer not null,
  author_id integer not null references users (id),
  content text not null,
  private integer not null,
  attachments text,
  send_at integer not null,
  due_at integer,
  cancel_if_contact_replies integer not null,
  status text not null check (status in ('pending', 'cancelled', 'failed')),
  reason text,
  created_at integer not null,
  updated_at integer not null,
  primary key (account_id, id),
  foreign key (account_id, conversation_id) references conversations (account_id, id) on delete cascade
) strict, without rowid;
create index scheduled_messages_conversation on scheduled_messages (account_id, conversation_id);
create index scheduled_messages_due on scheduled_messages (due_at) where due_at is not null;

create trigger messages_cancel_scheduled after insert on messages when new.message_type = 'incoming' begin
  update scheduled_messages set status = 'cancelled', due_at = 0, updated_at = new.created_at
    where account_id = new.account_id and conversation_id = new.conversation_id
      and status = 'pending' and cancel_if_contact_replies = 1;
end;

create trigger scheduled_messages_files_insert after insert on scheduled_messages
  when new.attachments is not null begin
  ${use};
end;
create trigger scheduled_messages_files_update after update of attachments on scheduled_messages
  when old.attachments is not new.attachments begin
  ${use} and key not in ${keys('old')};
  ${release} and key not in ${keys('new')};
end;
create trigger scheduled_messages_files_delete after delete on scheduled_messages
  when old.attachments is not null begin
  ${release};
end;
`
