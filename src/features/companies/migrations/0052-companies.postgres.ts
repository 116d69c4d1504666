export const postgres = `
create table companies (
  account_id bigint not null references accounts (id),
  id bigint not null,
  name text collate "C" not null,
  folded_name text collate "C" not null,
  domain text collate "C",
  description text collate "C",
  contacts_count bigint not null default 0,
  created_at bigint not null,
  updated_at bigint not null,
  primary key (account_id, id),
  unique (account_id, folded_name),
  unique (account_id, domain)
);
create index companies_size on companies (account_id, contacts_count, id);
create table company_words (
  account_id bigint not null,
  word text collate "C" not null,
  company_id bigint not null,
  primary key (account_id, word, company_id),
  foreign key (account_id, company_id) references companies (account_id, id) on delete cascade
);
create index company_words_company on company_words (account_id, company_id);

alter table contacts add column company_id bigint;
create index contacts_company on contacts (account_id, company_id, id) where company_id is not null;
create function count_contacts_of_company() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' and old.company_id is not null then
    update companies set contacts_count = contacts_count - 1
      where account_id = old.account_id and id = old.company_id;
  end if;
  if tg_op <> 'DELETE' and new.company_id is not null then
    update companies set contacts_count = contacts_count + 1
      where account_id = new.account_id and id = new.company_id;
  end if;
  return null;
end $$;
create trigger company_counts_insert after insert on contacts
  for each row when (new.company_id is not null) execute function count_contacts_of_company();
create trigger company_counts_delete after delete on contacts
  for each row when (old.company_id is not null) execute function count_contacts_of_company();
create trigger company_counts_update after update of company_id on contacts
  for each row when (old.company_id is distinct from new.company_id)
  execute function count_contacts_of_company();
`
