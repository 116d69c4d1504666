/* As on SQLite. HMAC-SHA256 (RFC 2104) is built from functions of the server, with its two padded keys stored. */
export const postgres = `
alter table messages add column attachments text collate "C";

create table files (
  account_id bigint not null references accounts (id),
  id bigint not null,
  key text collate "C" not null,
  type text collate "C" not null,
  name text collate "C" not null,
  size bigint not null,
  thumbnail smallint not null,
  due_at bigint,
  created_at bigint not null,
  primary key (account_id, id)
);
create unique index files_key on files (account_id, key);
create index files_due on files (due_at) where due_at is not null;

create table file_links (
  id smallint primary key check (id = 1),
  secret text collate "C" not null,
  base_url text collate "C" not null,
  inner_key bytea not null,
  outer_key bytea not null
);
create function padded(secret bytea, pad integer) returns bytea immutable language sql as $$
  select string_agg(set_byte('\\x00', 0, pad # case when i < length(secret) then get_byte(secret, i) else 0 end), '' order by i)
    from generate_series(0, 63) i
$$;
insert into file_links
  select 1, encode(secret, 'hex'), '', padded(secret, 54), padded(secret, 92)
    from (select sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')) as secret) s;
drop function padded;

create function file_link(name text, part text) returns text stable language sql as $$
  select l.base_url || '/files/' || name || part || '?expires=' || e.at || '&signature=' || encode(sha256(l.outer_key ||
      sha256(l.inner_key || convert_to(name || ' ' || e.at, 'UTF8'))), 'hex')
    from file_links l, (select (floor(extract(epoch from now()) / 86400)::bigint + 8) * 86400 as at) e
$$;

create function message_files_gone() returns trigger language plpgsql as $$
begin
  update files set due_at = 0, name = '' where account_id = old.account_id
    and key in (select f ->> 'key' from json_array_elements(old.attachments::json) f);
  return null;
end $$;
create trigger messages_files_update after update of attachments on messages
  for each row when (old.attachments is not null) execute function message_files_gone();
create trigger messages_files_delete after delete on messages
  for each row when (old.attachments is not null) execute function message_files_gone();
`
