/*
 * `without rowid` stores the rows of an account, and the messages of a conversation, together on disk in the order of
 * their key. So a page of a conversation is a few adjacent database pages, however large the file is.
 */
export const sqlite = `
create table counters (
  account_id integer not null,
  name text not null,
  value integer not null,
  primary key (account_id, name)
) strict, without rowid;

create table accounts (
  id integer primary key autoincrement,
  name text not null,
  created_at integer not null,
  updated_at integer not null
) strict;

create table users (
  id integer primary key autoincrement,
  email text not null unique,
  name text not null,
  password_hash text not null,
  avatar_url text,
  created_at integer not null,
  updated_at integer not null
) strict;

create table account_users (
  account_id integer not null references accounts (id),
  user_id integer not null references users (id),
  role text not null check (role in ('administrator', 'agent')),
  created_at integer not null,
  primary key (account_id, user_id)
) strict, without rowid;

create table access_tokens (
  id integer primary key autoincrement,
  user_id integer not null references users (id),
  name text not null,
  token_hash text not null unique,
  scopes text not null,
  expires_at integer,
  last_used_at integer,
  created_at integer not null
) strict;

create table inboxes (
  account_id integer not null references accounts (id),
  id integer not null,
  name text not null,
  channel_type text not null check (channel_type in ('api', 'web_widget')),
  identifier text not null unique,
  webhook_url text,
  greeting_message text,
  created_at integer not null,
  updated_at integer not null,
  primary key (account_id, id)
) strict, without rowid;

create table inbox_members (
  account_id integer not null,
  inbox_id integer not null,
  user_id integer not null,
  created_at integer not null,
  primary key (account_id, inbox_id, user_id),
  foreign key (account_id, inbox_id) references inboxes (account_id, id),
  foreign key (account_id, user_id) references account_users (account_id, user_id)
) strict, without rowid;

create table contacts (
  account_id integer not null references accounts (id),
  id integer not null,
  name text not null,
  email text,
  phone_number text,
  identifier text,
  blocked integer not null default 0,
  avatar_url text,
  custom_attributes text not null default '{}',
  last_activity_at integer,
  created_at integer not null,
  updated_at integer not null,
  primary key (account_id, id)
) strict, without rowid;
create unique index contacts_email on contacts (account_id, email) where email is not null;
create unique index contacts_phone_number on contacts (account_id, phone_number) where phone_number is not null;
create unique index contacts_identifier on contacts (account_id, identifier) where identifier is not null;

create table contact_inboxes (
  account_id integer not null,
  inbox_id integer not null,
  source_id text not null,
  contact_id integer not null,
  created_at integer not null,
  primary key (account_id, inbox_id, source_id),
  foreign key (account_id, inbox_id) references inboxes (account_id, id),
  foreign key (account_id, contact_id) references contacts (account_id, id)
) strict, without rowid;
create index contact_inboxes_contact on contact_inboxes (account_id, contact_id);

create table conversations (
  account_id integer not null,
  id integer not null,
  inbox_id integer not null,
  contact_id integer not null,
  source_id text not null,
  status text not null check (status in ('open', 'resolved', 'pending', 'snoozed')),
  priority text check (priority in ('urgent', 'high', 'medium', 'low')),
  assignee_id integer references users (id),
  snoozed_until integer,
  unread_count integer not null default 0,
  custom_attributes text not null default '{}',
  last_activity_at integer not null,
  agent_last_seen_at integer,
  contact_last_seen_at integer,
  version integer not null default 1,
  created_at integer not null,
  updated_at integer not null,
  primary key (account_id, id),
  foreign key (account_id, inbox_id, source_id) references contact_inboxes (account_id, inbox_id, source_id),
  foreign key (account_id, contact_id) references contacts (account_id, id)
) strict, without rowid;
-- Not account first: a planner without statistics would use such an index to find one conversation, and read all of the
-- account's, instead of using the primary key.
create index conversations_status on conversations (status, account_id);
create index conversations_contact on conversations (contact_id, account_id);

create table messages (
  account_id integer not null,
  conversation_id integer not null,
  id integer not null,
  inbox_id integer not null,
  message_type text not null check (message_type in ('incoming', 'outgoing', 'activity')),
  content_type text not null,
  content text,
  content_attributes text not null,
  status text not null check (status in ('sent', 'delivered', 'read', 'failed')),
  private integer not null,
  sender_type text,
  sender_id integer,
  echo_id text,
  source_id text,
  created_at integer not null,
  updated_at integer not null,
  deleted_at integer,
  idempotency_key text,
  idempotency_hash text,
  primary key (account_id, conversation_id, id),
  foreign key (account_id, conversation_id) references conversations (account_id, id)
) strict, without rowid;
create index messages_time on messages (account_id, conversation_id, created_at);
create unique index messages_idempotency_key on messages (account_id, conversation_id, idempotency_key)
  where idempotency_key is not null;

-- Pages of messages are cached as long as the version of the conversation does not change. New messages increment it
-- when they update the conversation; triggers do so for all other changes, so that no code can forget it.
create trigger messages_updated after update on messages begin
  update conversations set version = version + 1 where account_id = new.account_id and id = new.conversation_id;
end;
create trigger messages_deleted after delete on messages begin
  update conversations set version = version + 1 where account_id = old.account_id and id = old.conversation_id;
end;
create trigger contacts_renamed after update of name, avatar_url on contacts begin
  update conversations set version = version + 1 where account_id = new.account_id and contact_id = new.id;
end;
create trigger users_renamed after update of name, avatar_url on users begin
  update conversations set version = version + 1
    where account_id in (select account_id from account_users where user_id = new.id);
end;
`
