/*
 * What users learn of conversations. A user has at most one unread notification of each type for a conversation, so that
 * its next event is added to it.
 */
export const sqlite = `
create table notifications (
  account_id integer not null,
  user_id integer not null,
  id integer not null,
  position integer not null,
  notification_type text not null,
  conversation_id integer not null,
  message_id integer,
  actor_type text not null,
  actor_id integer,
  count integer not null,
  in_app integer not null,
  by_mail integer not null default 0,
  read_at integer,
  created_at integer not null,
  last_activity_at integer not null,
  primary key (account_id, user_id, id),
  foreign key (account_id, conversation_id) references conversations (account_id, id) on delete cascade,
  foreign key (account_id, user_id) references account_users (account_id, user_id)
) strict, without rowid;
create unique index notifications_unread
  on notifications (account_id, user_id, conversation_id, notification_type) where read_at is null;
create index notifications_list on notifications (account_id, user_id, position);
create index notifications_conversation on notifications (account_id, conversation_id);

create table notification_settings (
  account_id integer not null,
  user_id integer not null,
  kinds text not null,
  quiet_hours text,
  updated_at integer not null,
  primary key (account_id, user_id),
  foreign key (account_id, user_id) references account_users (account_id, user_id)
) strict, without rowid;

create table notification_digests (
  account_id integer not null,
  user_id integer not null,
  due_at integer,
  sent_at integer,
  tries integer not null,
  primary key (account_id, user_id),
  foreign key (account_id, user_id) references account_users (account_id, user_id)
) strict, without rowid;
create index notification_digests_due on notification_digests (due_at) where due_at is not null;

alter table conversation_participants add column seen_at integer;
`
