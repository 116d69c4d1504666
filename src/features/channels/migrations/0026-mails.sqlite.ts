/*
 * `mailboxes` has a row for each e-mail inbox: the key of its anchors, and whether its mails can be fetched.
 * `mail_folders` says up to where the folders of a mailbox were read. `mails` leads from a message to the file of its raw
 * mail, which triggers mark as due when the message is deleted. `mail_people` has the addresses that take part in a
 * conversation. `guest_messages` has the messages of contacts in conversations of others, so that they can be erased.
 */
export const sqlite = `
create table mailboxes (
  account_id integer not null,
  inbox_id integer not null,
  anchor_key text not null,
  state text not null,
  error text,
  failing_since integer,
  told_at integer,
  connected_at integer,
  received_at integer,
  lag integer,
  refresh_token text,
  refresh_token_of text,
  created_at integer not null,
  primary key (account_id, inbox_id),
  foreign key (account_id, inbox_id) references inboxes (account_id, id) on delete cascade
) strict, without rowid;

create table mail_folders (
  account_id integer not null,
  inbox_id integer not null,
  folder text not null,
  uid_validity integer not null,
  last_uid integer not null,
  known_until integer not null,
  primary key (account_id, inbox_id, folder),
  foreign key (account_id, inbox_id) references inboxes (account_id, id) on delete cascade
) strict, without rowid;

create table mails (
  account_id integer not null,
  message_id integer not null,
  conversation_id integer not null,
  file_key text not null,
  primary key (account_id, message_id)
) strict, without rowid;

create table mail_people (
  account_id integer not null,
  conversation_id integer not null,
  address text not null,
  primary key (account_id, conversation_id, address)
) strict, without rowid;
create index mail_people_address on mail_people (account_id, address);

create table guest_messages (
  account_id integer not null,
  contact_id integer not null,
  message_id integer not null,
  conversation_id integer not null,
  primary key (account_id, contact_id, message_id)
) strict, without rowid;
create index guest_messages_message on guest_messages (account_id, message_id);

${[
  [
    'erased',
    'after update of deleted_at on messages when old.deleted_at is null and new.deleted_at is not null',
  ],
  ['deleted', 'after delete on messages'],
]
  .map(
    ([name, event]) => `
create trigger messages_mail_${name} ${event} begin
  update files set due_at = 0, name = '' where account_id = old.account_id
    and key = (select file_key from mails where account_id = old.account_id and message_id = old.id);
  delete from mails where account_id = old.account_id and message_id = old.id;
  delete from guest_messages where account_id = old.account_id and message_id = old.id;
end;`,
  )
  .join('\n')}
create trigger conversations_mail_people after delete on conversations begin
  delete from mail_people where account_id = old.account_id and conversation_id = old.id;
end;
`
