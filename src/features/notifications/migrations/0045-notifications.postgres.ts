/* As on SQLite. */
export const postgres = `
create table notifications (
  account_id bigint not null,
  user_id bigint not null,
  id bigint not null,
  position bigint not null,
  notification_type text collate "C" not null,
  conversation_id bigint not null,
  message_id bigint,
  actor_type text collate "C" not null,
  actor_id bigint,
  count bigint not null,
  in_app bigint not null,
  by_mail bigint not null default 0,
  read_at bigint,
  created_at bigint not null,
  last_activity_at bigint not null,
  primary key (account_id, user_id, id),
  foreign key (account_id, conversation_id) references conversations (account_id, id) on delete cascade,
  foreign key (account_id, user_id) references account_users (account_id, user_id)
);
create unique index notifications_unread
  on notifications (account_id, user_id, conversation_id, notification_type) where read_at is null;
create index notifications_list on notifications (account_id, user_id, position);
create index notifications_conversation on notifications (account_id, conversation_id);

create table notification_settings (
  account_id bigint not null,
  user_id bigint not null,
  kinds text collate "C" not null,
  quiet_hours text collate "C",
  updated_at bigint not null,
  primary key (account_id, user_id),
  foreign key (account_id, user_id) references account_users (account_id, user_id)
);

create table notification_digests (
  account_id bigint not null,
  user_id bigint not null,
  due_at bigint,
  sent_at bigint,
  tries bigint not null,
  primary key (account_id, user_id),
  foreign key (account_id, user_id) references account_users (account_id, user_id)
);
create index notification_digests_due on notification_digests (due_at) where due_at is not null;

alter table conversation_participants add column seen_at bigint;
`
