/*
 * `push_keys` has one row: the key with which this server, or all its nodes, introduces itself to push services. A
 * subscription is that of the browser of a session, and ends with the session. `shown_notifications` has what may have to be
 * closed there.
 */
export const sqlite = `
create table push_keys (
  id integer primary key check (id = 1),
  public_key text not null,
  private_key text not null,
  created_at integer not null
) strict;

create table notification_subscriptions (
  id integer primary key autoincrement,
  user_id integer not null references users (id),
  session_id integer not null unique references sessions (id) on delete cascade,
  endpoint text not null unique,
  p256dh text not null,
  auth text not null,
  shows_text integer not null,
  created_at integer not null
) strict;
create index notification_subscriptions_user on notification_subscriptions (user_id);

create table shown_notifications (
  account_id integer not null references accounts (id),
  subscription_id integer not null references notification_subscriptions (id) on delete cascade,
  notification_id integer not null,
  shown_at integer not null,
  primary key (account_id, subscription_id, notification_id)
) strict, without rowid;
create index shown_notifications_subscription on shown_notifications (subscription_id);
`
