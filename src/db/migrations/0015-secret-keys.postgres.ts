export const postgres = `
create table secret_keys (
  fingerprint text collate "C" primary key,
  created_at bigint not null,
  sealed_at bigint
);
`
