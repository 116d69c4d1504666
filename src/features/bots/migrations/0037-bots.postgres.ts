/* As on SQLite. */
export const postgres = `
create table agent_bots (
  account_id bigint not null references accounts (id),
  id bigint not null,
  target_id bigint not null,
  name text collate "C" not null,
  description text collate "C",
  outgoing_url text collate "C",
  token_hash text collate "C",
  secret text collate "C",
  deleted_at bigint,
  created_at bigint not null,
  updated_at bigint not null,
  primary key (account_id, id)
);
create unique index agent_bots_token on agent_bots (account_id, token_hash) where token_hash is not null;

create table agent_bot_inboxes (
  account_id bigint not null,
  inbox_id bigint not null,
  bot_id bigint not null,
  created_at bigint not null,
  primary key (account_id, inbox_id),
  foreign key (account_id, inbox_id) references inboxes (account_id, id) on delete cascade,
  foreign key (account_id, bot_id) references agent_bots (account_id, id)
);
create index agent_bot_inboxes_bot on agent_bot_inboxes (account_id, bot_id);
`
