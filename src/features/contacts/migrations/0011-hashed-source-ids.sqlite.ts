/*
 * The secret `source_id`s of contacts are stored as hashes, in a table of their own: a contact may have several at an
 * inbox, and each can end. The contact inbox that had a secret as its name has none from now on; its key is the hash.
 */
const isSecret = `(source_id glob 'src_*' and length(source_id) = 47 and substr(source_id, 5) not glob '*[^A-Za-z0-9_-]*')`

export const sqlite = `
create table contact_secrets (
  account_id integer not null,
  inbox_id integer not null,
  hash text not null,
  contact_id integer not null,
  created_at integer not null,
  primary key (account_id, inbox_id, hash),
  foreign key (account_id, inbox_id) references inboxes (account_id, id),
  foreign key (account_id, contact_id) references contacts (account_id, id)
) strict, without rowid;
create index contact_secrets_contact on contact_secrets (account_id, contact_id);
insert into contact_secrets (account_id, inbox_id, hash, contact_id, created_at)
  select account_id, inbox_id, sha256(source_id), contact_id, created_at from contact_inboxes where ${isSecret};

alter table contact_inboxes add column has_name integer not null default 1;
-- A copy under the hash first: conversations refer to the key.
insert into contact_inboxes (account_id, inbox_id, source_id, contact_id, created_at, has_name)
  select account_id, inbox_id, sha256(source_id), contact_id, created_at, 0 from contact_inboxes where ${isSecret};
update conversations set source_id = sha256(source_id) where ${isSecret};
delete from contact_inboxes where ${isSecret};
`
