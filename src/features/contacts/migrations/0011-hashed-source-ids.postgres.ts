const isSecret = `source_id ~ '^src_[A-Za-z0-9_-]{43}$'`
const hash = `encode(sha256(convert_to(source_id, 'UTF8')), 'hex')`

export const postgres = `
create table contact_secrets (
  account_id bigint not null,
  inbox_id bigint not null,
  hash text collate "C" not null,
  contact_id bigint not null,
  created_at bigint not null,
  primary key (account_id, inbox_id, hash),
  foreign key (account_id, inbox_id) references inboxes (account_id, id),
  foreign key (account_id, contact_id) references contacts (account_id, id)
);
create index contact_secrets_contact on contact_secrets (account_id, contact_id);
insert into contact_secrets (account_id, inbox_id, hash, contact_id, created_at)
  select account_id, inbox_id, ${hash}, contact_id, created_at from contact_inboxes where ${isSecret};

alter table contact_inboxes add column has_name bigint not null default 1;
insert into contact_inboxes (account_id, inbox_id, source_id, contact_id, created_at, has_name)
  select account_id, inbox_id, ${hash}, contact_id, created_at, 0 from contact_inboxes where ${isSecret};
update conversations set source_id = ${hash} where ${isSecret};
delete from contact_inboxes where ${isSecret};
`
