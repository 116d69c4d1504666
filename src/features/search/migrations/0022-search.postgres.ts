/*
 * As on SQLite, except that a GIN index cannot be read from the newest match on. Instead, each document also has words
 * for the windows of ids that it is in: `m1.@10.7` for the messages of account 1 with ids from 7 * 2^10, up to 2^50,
 * which is all of them. A search looks at one window after another. All words begin with `m1.` (or `c1.` for
 * contacts), so that a search never reads documents of another account or kind.
 *
 * The function is declared expensive, so that the planner never calls it for each row of a table. The list of pending
 * entries, which each search reads, is short.
 */
export const postgres = `
drop table search_documents;

create function search_tokens(account_id bigint, subject text, subject_id bigint, words text) returns tsvector
  language plpgsql immutable parallel safe cost 10000 as $$
declare
  owner text := left(subject, 1) || account_id || '.';
  tokens text[] := string_to_array(owner || replace(words, ' ', ' ' || owner), ' ');
  short integer := length(owner) + 3;
begin
  return array_to_tsvector(tokens
    || array(select left(token, short) from unnest(tokens) token where length(token) > short)
    || array(select left(token, short + 2) from unnest(tokens) token where length(token) > short + 2)
    || array(select owner || '@' || bits || '.' || (subject_id >> bits) from unnest(array[10, 15, 20, 50]) bits));
end $$;

create table search_documents (
  account_id bigint not null,
  subject text collate "C" not null check (subject in ('message', 'contact')),
  subject_id bigint not null,
  conversation_id bigint,
  words text collate "C" not null,
  primary key (account_id, subject, subject_id)
);
create index search_index on search_documents
  using gin (search_tokens(account_id, subject, subject_id, words)) with (gin_pending_list_limit = 256);

create table search_backfills (
  account_id bigint not null primary key,
  before_contact bigint not null,
  before_conversation bigint not null,
  before_message bigint not null
);
insert into search_backfills
  select id, 9007199254740991, 9007199254740991, 9007199254740991 from accounts;
`
