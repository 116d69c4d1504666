const keys = (row: string) => `(select value ->> 'key' from json_each(${row}.attachments))`
const use = `update files set shares = shares + 1
    where account_id = new.account_id and due_at is null and key in ${keys('new')}`
const release = `update files set shares = max(shares - 1, 0), due_at = case when shares = 0 then 0 end,
      name = case when shares = 0 then '' else name end
    where account_id = old.account_id and due_at is null and key in ${keys('old')}`

/*
 * `position` and `line` are how far the file has been read; they change in the transaction that stores its contacts. The
 * triggers count the uses of files, as in migration 30. Rows are deleted a week after the end.
 */
export const sqlite = `
create table contact_imports (
  account_id integer not null references accounts (id),
  id integer not null,
  author_id integer not null references users (id),
  attachments text not null,
  columns text not null,
  dry_run integer not null,
  position integer not null,
  line integer not null,
  status text not null check (status in ('running', 'done', 'stopped', 'failed')),
  error text,
  stored_count integer not null,
  known_count integer not null,
  refused_count integer not null,
  finished_at integer,
  created_at integer not null,
  updated_at integer not null,
  primary key (account_id, id)
) strict, without rowid;
create index contact_imports_active on contact_imports (updated_at) where finished_at is null;
create index contact_imports_finished on contact_imports (finished_at) where finished_at is not null;

create table contact_import_faults (
  account_id integer not null,
  contact_import_id integer not null,
  line integer not null,
  error text not null,
  primary key (account_id, contact_import_id, line),
  foreign key (account_id, contact_import_id) references contact_imports (account_id, id)
) strict, without rowid;

create trigger contact_imports_files_insert after insert on contact_imports begin
  ${use};
end;
create trigger contact_imports_files_update after update of attachments on contact_imports
  when old.attachments is not new.attachments begin
  ${use} and key not in ${keys('old')};
  ${release} and key not in ${keys('new')};
end;
create trigger contact_imports_files_delete after delete on contact_imports begin
  ${release};
end;
`
