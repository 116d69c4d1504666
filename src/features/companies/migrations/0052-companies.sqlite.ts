/*
 * The companies that contacts belong to. The words of their names and domains are rows, because a search finds them by the
 * beginning of any word. Triggers count the contacts.
 */
export const sqlite = `
create table companies (
  account_id integer not null references accounts (id),
  id integer not null,
  name text not null,
  folded_name text not null,
  domain text,
  description text,
  contacts_count integer not null default 0,
  created_at integer not null,
  updated_at integer not null,
  primary key (account_id, id),
  unique (account_id, folded_name),
  unique (account_id, domain)
) strict, without rowid;
create index companies_size on companies (account_id, contacts_count, id);
create table company_words (
  account_id integer not null,
  word text not null,
  company_id integer not null,
  primary key (account_id, word, company_id),
  foreign key (account_id, company_id) references companies (account_id, id) on delete cascade
) strict, without rowid;
create index company_words_company on company_words (account_id, company_id);

alter table contacts add column company_id integer;
create index contacts_company on contacts (account_id, company_id, id) where company_id is not null;
create trigger company_counts_insert after insert on contacts when new.company_id is not null begin
  update companies set contacts_count = contacts_count + 1
    where account_id = new.account_id and id = new.company_id;
end;
create trigger company_counts_delete after delete on contacts when old.company_id is not null begin
  update companies set contacts_count = contacts_count - 1
    where account_id = old.account_id and id = old.company_id;
end;
create trigger company_counts_update after update of company_id on contacts
  when old.company_id is not new.company_id begin
  update companies set contacts_count = contacts_count - 1
    where account_id = old.account_id and id = old.company_id;
  update companies set contacts_count = contacts_count + 1
    where account_id = new.account_id and id = new.company_id;
end;
`
