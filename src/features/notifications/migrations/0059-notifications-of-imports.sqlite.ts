/*
 * A notification can be about an import instead of a conversation. It keeps what the import has counted, which is
 * deleted before it. A new table, because SQLite cannot remove `not null` from a column.
 */
export const ofImports = `
create table new_notifications (
  account_id integer not null,
  user_id integer not null,
  id integer not null,
  position integer not null,
  notification_type text not null,
  conversation_id integer,
  message_id integer,
  contact_import_id integer,
  contact_import text,
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
  foreign key (account_id, user_id) references account_users (account_id, user_id),
  check ((conversation_id is null) = (contact_import_id is not null)),
  check ((contact_import is null) = (contact_import_id is null))
) strict, without rowid;
insert into new_notifications (account_id, user_id, id, position, notification_type, conversation_id, message_id,
    actor_type, actor_id, count, in_app, by_mail, read_at, created_at, last_activity_at)
  select account_id, user_id, id, position, notification_type, conversation_id, message_id,
    actor_type, actor_id, count, in_app, by_mail, read_at, created_at, last_activity_at from notifications;
drop table notifications;
alter table new_notifications rename to notifications;
create unique index notifications_unread
  on notifications (account_id, user_id, conversation_id, notification_type) where read_at is null;
create index notifications_list on notifications (account_id, user_id, position);
create index notifications_conversation on notifications (account_id, conversation_id);
`
