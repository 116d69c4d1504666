/*
 * A message holds what is shown of its files, as a JSON list. `files` has a row for each file in the storage, from
 * before its first byte is there: `due_at` is when it goes, null as long as a message holds it. Triggers let it go with
 * the message, whoever deletes that. `file_links` has one row: what links to files are made with (`src/lib/file-link.ts`).
 */
export const sqlite = `
alter table messages add column attachments text;

create table files (
  account_id integer not null references accounts (id),
  id integer not null,
  key text not null,
  type text not null,
  name text not null,
  size integer not null,
  thumbnail integer not null,
  due_at integer,
  created_at integer not null,
  primary key (account_id, id)
) strict, without rowid;
create unique index files_key on files (account_id, key);
create index files_due on files (due_at) where due_at is not null;

create table file_links (
  id integer primary key check (id = 1),
  secret text not null,
  base_url text not null
) strict;
insert into file_links values (1, lower(hex(randomblob(32))), '');

${['update of attachments', 'delete']
  .map(
    (change) => `
create trigger messages_files_${change.split(' ')[0]} after ${change} on messages when old.attachments is not null begin
  update files set due_at = 0, name = '' where account_id = old.account_id
    and key in (select value ->> 'key' from json_each(old.attachments));
end;`,
  )
  .join('\n')}
`
