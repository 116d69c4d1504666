/* As on SQLite. */
export const postgres = `
create table automatic_mails (
  account_id bigint not null references accounts (id),
  address_hash text collate "C" not null,
  sent_at bigint not null,
  primary key (account_id, address_hash)
);
create index automatic_mails_sent on automatic_mails (account_id, sent_at);
`
