// A new table, because SQLite cannot change the check of a column. Links that were sent stay valid.
export const sqlite = `
create table new_user_links (
  link_hash text primary key,
  user_id integer not null references users (id),
  purpose text not null check (purpose in ('invitation', 'password', 'email')),
  email text check ((email is not null) = (purpose = 'email')),
  issued_in integer references accounts (id),
  expires_at integer not null,
  created_at integer not null
) strict, without rowid;
insert into new_user_links (link_hash, user_id, purpose, issued_in, expires_at, created_at)
  select link_hash, user_id, purpose, issued_in, expires_at, created_at from user_links;
drop table user_links;
alter table new_user_links rename to user_links;
create index user_links_user on user_links (user_id);
`
