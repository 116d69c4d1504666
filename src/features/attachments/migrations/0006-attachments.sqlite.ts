/*
 * A message contains its attachments as a JSON list. `files` has a row for each file in the storage, inserted before
 * the first byte is written. `due_at` is when the file is to be removed; null while it belongs to a message. Triggers
 * set it when the message is deleted. `file_links` has one row, for links to files (`src/lib/file-link.ts`).
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
