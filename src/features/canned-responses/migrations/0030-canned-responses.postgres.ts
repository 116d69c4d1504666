/* As on SQLite. */
export const postgres = `
alter table files add column shares bigint not null default 0;
drop trigger messages_files_update on messages;
drop trigger messages_files_delete on messages;
drop function message_files_gone();

create table canned_responses (
  account_id bigint not null references accounts (id),
  id bigint not null,
  short_code text collate "C" not null,
  content text collate "C" not null,
  folded text collate "C" not null,
  attachments text collate "C",
  user_id bigint,
  author_id bigint not null references users (id),
  created_at bigint not null,
  updated_at bigint not null,
  primary key (account_id, id),
  foreign key (account_id, user_id) references account_users (account_id, user_id)
);
create unique index canned_responses_shared on canned_responses (account_id, short_code) where user_id is null;
create unique index canned_responses_own on canned_responses (account_id, user_id, short_code)
  where user_id is not null;

create table signatures (
  account_id bigint not null,
  inbox_id bigint not null,
  user_id bigint not null,
  content text collate "C" not null,
  append_by_default smallint not null,
  updated_at bigint not null,
  primary key (account_id, inbox_id, user_id),
  foreign key (account_id, inbox_id) references inboxes (account_id, id) on delete cascade,
  foreign key (account_id, user_id) references account_users (account_id, user_id)
);
create index signatures_user on signatures (account_id, user_id);

create function file_keys(attachments text) returns setof text immutable language sql as $$
  select f ->> 'key' from json_array_elements(attachments::json) f
$$;
create function file_uses_changed() returns trigger language plpgsql as $$
declare
  account bigint := case when tg_op = 'DELETE' then old.account_id else new.account_id end;
  before text[] := array(select file_keys(case when tg_op <> 'INSERT' then old.attachments end));
  after text[] := array(select file_keys(case when tg_op <> 'DELETE' then new.attachments end));
begin
  update files set shares = shares + 1
    where account_id = account and due_at is null and key = any (after) and key <> all (before);
  update files set shares = greatest(shares - 1, 0), due_at = case when shares = 0 then 0 end,
      name = case when shares = 0 then '' else name end
    where account_id = account and due_at is null and key = any (before) and key <> all (after);
  return null;
end $$;
${['messages', 'canned_responses'].map(countFiles).join('\n')}
`

function countFiles(table: string): string {
  return `
create trigger ${table}_files_insert after insert on ${table}
  for each row when (new.attachments is not null) execute function file_uses_changed();
create trigger ${table}_files_update after update of attachments on ${table}
  for each row when (old.attachments is distinct from new.attachments) execute function file_uses_changed();
create trigger ${table}_files_delete after delete on ${table}
  for each row when (old.attachments is not null) execute function file_uses_changed();`
}
