/* As on SQLite. */
export const postgres = `
create table mailboxes (
  account_id bigint not null,
  inbox_id bigint not null,
  anchor_key text collate "C" not null,
  state text collate "C" not null,
  error text collate "C",
  failing_since bigint,
  told_at bigint,
  connected_at bigint,
  received_at bigint,
  lag bigint,
  refresh_token text collate "C",
  refresh_token_of text collate "C",
  created_at bigint not null,
  primary key (account_id, inbox_id),
  foreign key (account_id, inbox_id) references inboxes (account_id, id) on delete cascade
);

create table mail_folders (
  account_id bigint not null,
  inbox_id bigint not null,
  folder text collate "C" not null,
  uid_validity bigint not null,
  last_uid bigint not null,
  known_until bigint not null,
  primary key (account_id, inbox_id, folder),
  foreign key (account_id, inbox_id) references inboxes (account_id, id) on delete cascade
);

create table mails (
  account_id bigint not null,
  message_id bigint not null,
  conversation_id bigint not null,
  file_key text collate "C" not null,
  primary key (account_id, message_id)
);

create table mail_people (
  account_id bigint not null,
  conversation_id bigint not null,
  address text collate "C" not null,
  primary key (account_id, conversation_id, address)
);
create index mail_people_address on mail_people (account_id, address);

create table guest_messages (
  account_id bigint not null,
  contact_id bigint not null,
  message_id bigint not null,
  conversation_id bigint not null,
  primary key (account_id, contact_id, message_id)
);
create index guest_messages_message on guest_messages (account_id, message_id);

create function message_mail_gone() returns trigger language plpgsql as $$
declare gone text collate "C";
begin
  delete from mails where account_id = old.account_id and message_id = old.id returning file_key into gone;
  if gone is not null then
    update files set due_at = 0, name = '' where account_id = old.account_id and key = gone;
  end if;
  delete from guest_messages where account_id = old.account_id and message_id = old.id;
  return null;
end $$;
create trigger messages_mail_erased after update of deleted_at on messages
  for each row when (old.deleted_at is null and new.deleted_at is not null) execute function message_mail_gone();
create trigger messages_mail_deleted after delete on messages
  for each row execute function message_mail_gone();

create function conversation_mail_people_gone() returns trigger language plpgsql as $$
begin
  delete from mail_people where account_id = old.account_id and conversation_id = old.id;
  return null;
end $$;
create trigger conversations_mail_people after delete on conversations
  for each row execute function conversation_mail_people_gone();
`
