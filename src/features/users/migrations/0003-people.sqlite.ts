/* Secrets are stored as SHA-256 hashes, like access tokens. */
export const sqlite = `
alter table users add column confirmed integer not null default 1;
alter table account_users add column availability text not null default 'offline'
  check (availability in ('online', 'busy', 'offline'));
create index account_users_user on account_users (user_id);
create index access_tokens_user on access_tokens (user_id);

create table sessions (
  id integer primary key autoincrement,
  user_id integer not null references users (id),
  session_hash text not null unique,
  user_agent text,
  created_at integer not null,
  last_used_at integer not null,
  expires_at integer not null
) strict;
create index sessions_user on sessions (user_id);

create table user_links (
  link_hash text primary key,
  user_id integer not null references users (id),
  purpose text not null check (purpose in ('invitation', 'password')),
  expires_at integer not null,
  created_at integer not null
) strict, without rowid;
create index user_links_user on user_links (user_id);

create table attempts (
  subject text not null,
  id text not null,
  created_at integer not null,
  primary key (subject, id)
) strict, without rowid;
create index attempts_time on attempts (created_at);
`
