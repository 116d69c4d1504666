/*
 * `automatic_mails` says when an address has got a mail that nobody has written, for a day. It has hashes of addresses.
 */
export const sqlite = `
create table automatic_mails (
  account_id integer not null references accounts (id),
  address_hash text not null,
  sent_at integer not null,
  primary key (account_id, address_hash)
) strict, without rowid;
create index automatic_mails_sent on automatic_mails (account_id, sent_at);
`
