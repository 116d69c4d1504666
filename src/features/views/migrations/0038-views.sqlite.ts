/* `user_id` is the only user who sees a view, or null. */
export const sqlite = `
create table views (
  account_id integer not null references accounts (id),
  id integer not null,
  name text not null,
  filter text not null,
  user_id integer,
  author_id integer not null references users (id),
  created_at integer not null,
  updated_at integer not null,
  primary key (account_id, id),
  foreign key (account_id, user_id) references account_users (account_id, user_id)
) strict, without rowid;
create index views_user on views (account_id, user_id);
`
