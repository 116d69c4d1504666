/*
 * How far an import from Chatwoot has come, for each kind of row, and the rows that have another id here than there. They
 * contain numbers only: nothing that a person has written.
 */
export const sqlite = `
create table chatwoot_imports (
  account_id integer not null references accounts (id),
  kind text not null,
  last_id integer not null,
  changed_since integer not null,
  reserved text not null,
  primary key (account_id, kind)
) strict, without rowid;
create table chatwoot_ids (
  account_id integer not null references accounts (id),
  kind text not null,
  chatwoot_id integer not null,
  id integer not null,
  primary key (account_id, kind, chatwoot_id)
) strict, without rowid;
`
