/*
 * `user_id` of a macro is the only user who sees it, or null. A run has what the macro may have changed, before and after it,
 * so that it can be undone.
 */
export const sqlite = `
create table macros (
  account_id integer not null references accounts (id),
  id integer not null,
  name text not null,
  actions text not null,
  user_id integer,
  author_id integer not null references users (id),
  created_at integer not null,
  updated_at integer not null,
  primary key (account_id, id),
  foreign key (account_id, user_id) references account_users (account_id, user_id)
) strict, without rowid;
create index macros_user on macros (account_id, user_id);

create table macro_runs (
  account_id integer not null,
  id integer not null,
  macro_id integer not null,
  conversation_id integer not null,
  run_by integer not null references users (id),
  before text not null,
  after text not null,
  message_ids text not null,
  undone_at integer,
  created_at integer not null,
  primary key (account_id, id),
  foreign key (account_id, conversation_id) references conversations (account_id, id) on delete cascade
) strict, without rowid;
create index macro_runs_conversation on macro_runs (account_id, conversation_id);
`
