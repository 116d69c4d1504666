/*
 * The row of a deleted bot stays without its secrets, because its messages show its name. The token is looked for in the account of
 * the request, so its index begins with the account.
 */
export const sqlite = `
create table agent_bots (
  account_id integer not null references accounts (id),
  id integer not null,
  target_id integer not null,
  name text not null,
  description text,
  outgoing_url text,
  token_hash text,
  secret text,
  deleted_at integer,
  created_at integer not null,
  updated_at integer not null,
  primary key (account_id, id)
) strict, without rowid;
create unique index agent_bots_token on agent_bots (account_id, token_hash) where token_hash is not null;

create table agent_bot_inboxes (
  account_id integer not null,
  inbox_id integer not null,
  bot_id integer not null,
  created_at integer not null,
  primary key (account_id, inbox_id),
  foreign key (account_id, inbox_id) references inboxes (account_id, id) on delete cascade,
  foreign key (account_id, bot_id) references agent_bots (account_id, id)
) strict, without rowid;
create index agent_bot_inboxes_bot on agent_bot_inboxes (account_id, bot_id);
`
