/* As on SQLite. */
export const postgres = `
create table macros (
  account_id bigint not null references accounts (id),
  id bigint not null,
  name text collate "C" not null,
  actions text collate "C" not null,
  user_id bigint,
  author_id bigint not null references users (id),
  created_at bigint not null,
  updated_at bigint not null,
  primary key (account_id, id),
  foreign key (account_id, user_id) references account_users (account_id, user_id)
);
create index macros_user on macros (account_id, user_id);

create table macro_runs (
  account_id bigint not null,
  id bigint not null,
  macro_id bigint not null,
  conversation_id bigint not null,
  run_by bigint not null references users (id),
  before text collate "C" not null,
  after text collate "C" not null,
  message_ids text collate "C" not null,
  undone_at bigint,
  created_at bigint not null,
  primary key (account_id, id),
  foreign key (account_id, conversation_id) references conversations (account_id, id) on delete cascade
);
create index macro_runs_conversation on macro_runs (account_id, conversation_id);
`
