/* As on SQLite. */
export const postgres = `
create table views (
  account_id bigint not null references accounts (id),
  id bigint not null,
  name text collate "C" not null,
  filter text collate "C" not null,
  user_id bigint,
  author_id bigint not null references users (id),
  created_at bigint not null,
  updated_at bigint not null,
  primary key (account_id, id),
  foreign key (account_id, user_id) references account_users (account_id, user_id)
);
create index views_user on views (account_id, user_id);
`
