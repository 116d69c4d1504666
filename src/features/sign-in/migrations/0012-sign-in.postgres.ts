/*
 * The default is for nodes of the version before, which do not name the column. E-mail addresses were stored in lower
 * case, so the composed form is all that they lack; see the migration of SQLite.
 */
export const postgres = `
alter table attempts add column expires_at bigint not null
  default ((extract(epoch from now()) * 1000)::bigint + 900000);
update attempts set expires_at = created_at + 900000;
drop index attempts_time;
create index attempts_end on attempts (expires_at);

with changed as materialized (
  select id, normalize(email, nfc) as email from users where email is not nfc normalized
), first as (
  select email, min(id) as id from changed group by email
)
update users set email = first.email from first
  where users.id = first.id and not exists (select 1 from users other where other.email = first.email);

alter table contacts disable trigger contacts_changed_for_search;
with changed as materialized (
  select account_id, id, normalize(email, nfc) as email from contacts where email is not nfc normalized
), first as (
  select account_id, email, min(id) as id from changed group by account_id, email
)
update contacts set email = first.email from first
  where contacts.account_id = first.account_id and contacts.id = first.id and not exists (
    select 1 from contacts other where other.account_id = first.account_id and other.email = first.email
  );
alter table contacts enable trigger contacts_changed_for_search;
`
