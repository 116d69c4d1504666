const keys = (row: string) => `(select value ->> 'key' from json_each(${row}.attachments))`

/*
 * `position` and `line` are how far the file has been read; they change in the transaction that stores its contacts. The
 * trigger releases the file, as in migration 30. Rows are deleted a week after the end.
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

create trigger contact_imports_files_delete after delete on contact_imports begin
  update files set shares = max(shares - 1, 0), due_at = case when shares = 0 then 0 end,
      name = case when shares = 0 then '' else name end
    where account_id = old.account_id and due_at is null and key in ${keys('old')};
end;
`
