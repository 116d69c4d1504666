/* As on SQLite. */
export const postgres = `
create table chatwoot_imports (
  account_id bigint not null references accounts (id),
  kind text collate "C" not null,
  last_id bigint not null,
  changed_since bigint not null,
  reserved text collate "C" not null,
  primary key (account_id, kind)
);
create table chatwoot_ids (
  account_id bigint not null references accounts (id),
  kind text collate "C" not null,
  chatwoot_id bigint not null,
  id bigint not null,
  primary key (account_id, kind, chatwoot_id)
);
`
