/* As on SQLite. */
export const postgres = `
create table drafts (
  account_id bigint not null,
  conversation_id bigint not null,
  user_id bigint not null,
  content text collate "C" not null,
  private smallint not null,
  version bigint not null,
  updated_at bigint not null,
  primary key (account_id, conversation_id, user_id),
  foreign key (account_id, conversation_id) references conversations (account_id, id) on delete cascade,
  foreign key (account_id, user_id) references account_users (account_id, user_id)
);
create index drafts_user on drafts (account_id, user_id);
`
