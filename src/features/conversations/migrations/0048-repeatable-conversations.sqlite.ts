/* A request that creates a conversation can be repeated: its first message is not sent twice. */
export const sqlite = `
alter table conversations add column idempotency_key text;
alter table conversations add column idempotency_hash text;
create unique index conversations_by_request on conversations (account_id, idempotency_key)
  where idempotency_key is not null;
`
