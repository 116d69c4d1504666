/*
 * The files of a canned response are shared: each message sent with it has them, too. `files.shares` counts the uses of a
 * file beyond the first. Triggers on every table with a column `attachments` keep it, so that no statement can forget to; a
 * test looks for tables without them. A file that is not attached yet (`due_at` is not null) is not counted: the
 * transaction that stores its first row attaches it. `user_id` of a canned response is the only user who sees it, or null.
 */
export const sqlite = `
alter table files add column shares integer not null default 0;
drop trigger messages_files_update;
drop trigger messages_files_delete;

create table canned_responses (
  account_id integer not null references accounts (id),
  id integer not null,
  short_code text not null,
  content text not null,
  folded text not null,
  attachments text,
  user_id integer,
  author_id integer not null references users (id),
  created_at integer not null,
  updated_at integer not null,
  primary key (account_id, id),
  foreign key (account_id, user_id) references account_users (account_id, user_id)
) strict, without rowid;
create unique index canned_responses_shared on canned_responses (account_id, short_code) where user_id is null;
create unique index canned_responses_own on canned_responses (account_id, user_id, short_code)
  where user_id is not null;

create table signatures (
  account_id integer not null,
  inbox_id integer not null,
  user_id integer not null,
  content text not null,
  append_by_default integer not null,
  updated_at integer not null,
  primary key (account_id, inbox_id, user_id),
  foreign key (account_id, inbox_id) references inboxes (account_id, id) on delete cascade,
  foreign key (account_id, user_id) references account_users (account_id, user_id)
) strict, without rowid;
create index signatures_user on signatures (account_id, user_id);

${['messages', 'canned_responses'].map(countFiles).join('\n')}
`

function countFiles(table: string): string {
  const keys = (row: string) => `(select value ->> 'key' from json_each(${row}.attachments))`
  const use = `update files set shares = shares + 1
    where account_id = new.account_id and due_at is null and key in ${keys('new')}`
  const release = `update files set shares = max(shares - 1, 0), due_at = case when shares = 0 then 0 end,
      name = case when shares = 0 then '' else name end
    where account_id = old.account_id and due_at is null and key in ${keys('old')}`
  return `
create trigger ${table}_files_insert after insert on ${table} when new.attachments is not null begin
  ${use};
end;
create trigger ${table}_files_update after update of attachments on ${table}
  when old.attachments is not new.attachments begin
  ${use} and key not in ${keys('old')};
  ${release} and key not in ${keys('new')};
end;
create trigger ${table}_files_delete after delete on ${table} when old.attachments is not null begin
  ${release};
end;`
}
