export const postgres = `
alter table conversations add column idempotency_key text collate "C";
alter table conversations add column idempotency_hash text collate "C";
create unique index conversations_by_request on conversations (account_id, idempotency_key)
  where idempotency_key is not null;
`
