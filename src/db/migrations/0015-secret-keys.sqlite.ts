/*
 * The keys with which secrets in other tables are encrypted, by their fingerprints: one, and a second one while
 * `ndoto rotate-key` changes to it. `sealed_at` is null until every secret is encrypted with the key.
 */
export const sqlite = `
create table secret_keys (
  fingerprint text primary key,
  created_at integer not null,
  sealed_at integer
) strict, without rowid;
`
