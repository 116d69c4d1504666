/*
 * E-mail addresses get the form that src/lib/email.ts stores (normalize_email is that function). If an account already
 * has a contact with the new form, the other contact keeps its own: an agent can merge the two. Users likewise. The
 * trigger is left out meanwhile: the words that find a contact are the same in both forms, and no event would bring
 * them back.
 */
export const sqlite = `
alter table attempts add column expires_at integer not null default 0;
update attempts set expires_at = created_at + 900000;
drop index attempts_time;
create index attempts_end on attempts (expires_at);

with changed as materialized (
  select id, normalize_email(email) as email from users where email glob '*[^ -~]*' and email <> normalize_email(email)
), first as (
  select email, min(id) as id from changed group by email
)
update users set email = first.email from first
  where users.id = first.id and not exists (select 1 from users other where other.email = first.email);

drop trigger contacts_changed_for_search;
with changed as materialized (
  select account_id, id, normalize_email(email) as email from contacts
    where email glob '*[^ -~]*' and email <> normalize_email(email)
), first as (
  select account_id, email, min(id) as id from changed group by account_id, email
)
update contacts set email = first.email from first
  where contacts.account_id = first.account_id and contacts.id = first.id and not exists (
    select 1 from contacts other where other.account_id = first.account_id and other.email = first.email
  );
create trigger contacts_changed_for_search after update of name, email, phone_number, identifier on contacts begin
  delete from search_documents where account_id = old.account_id and subject = 'contact' and subject_id = old.id;
end;
`
