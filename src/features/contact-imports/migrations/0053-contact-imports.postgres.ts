/* As on SQLite. */
export const postgres = `
create table contact_imports (
  account_id bigint not null references accounts (id),
  id bigint not null,
  author_id bigint not null references users (id),
  attachments text collate "C" not null,
  columns text collate "C" not null,
  dry_run smallint not null,
  position bigint not null,
  line bigint not null,
  status text collate "C" not null check (status in ('running', 'done', 'stopped', 'failed')),
  error text collate "C",
  stored_count bigint not null,
  known_count bigint not null,
  refused_count bigint not null,
  finished_at bigint,
  created_at bigint not null,
  updated_at bigint not null,
  primary key (account_id, id)
);
create index contact_imports_active on contact_imports (updated_at) where finished_at is null;
create index contact_imports_finished on contact_imports (finished_at) where finished_at is not null;

create table contact_import_faults (
  account_id bigint not null,
  contact_import_id bigint not null,
  line bigint not null,
  error text collate "C" not null,
  primary key (account_id, contact_import_id, line),
  foreign key (account_id, contact_import_id) references contact_imports (account_id, id)
);

create trigger contact_imports_files_insert after insert on contact_imports
  for each row execute function file_uses_changed();
create trigger contact_imports_files_update after update of attachments on contact_imports
  for each row when (old.attachments is distinct from new.attachments) execute function file_uses_changed();
create trigger contact_imports_files_delete after delete on contact_imports
  for each row execute function file_uses_changed();
`
