/*
 * As on SQLite, except that a GIN index cannot be read from the newest match on. Instead, each document also has words
 * for the windows of ids that it is in: `m1.@10.7` for the messages of account 1 with ids from 7 * 2^10, up to 2^50,
 * which is all of them. A search looks at one window after another. All words begin with `m1.` (or `c1.` for
 * contacts), so that a search never reads documents of another account or kind.
 *
 * `search_found` reads a window, always with this index: the planner would read a small table as a whole, or the primary
 * key backwards for a word that nobody wrote. Its estimates are far too high, so it would also compile the query or start
 * other processes, which takes longer than the query. The list of pending entries, which each search reads, is short.
 */
export const postgres = `
drop table search_documents;

create function search_tokens(account_id bigint, subject text, subject_id bigint, words text) returns tsvector
  language plpgsql immutable cost 10000 as $$
declare
  owner text := left(subject, 1) || account_id || '.';
  tokens text[] := string_to_array(owner || replace(words, ' ', ' ' || owner), ' ');
  short integer := length(owner) + 3;
begin
  return array_to_tsvector(tokens
    || array(select left(token, short) from unnest(tokens) token where length(token) > short)
    || array(select left(token, short + 2) from unnest(tokens) token where length(token) > short + 2)
    || array(select owner || '@' || bits || '.' || (subject_id >> bits) from unnest(array[10, 13, 16, 19, 22, 50]) bits));
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

-- The text ' word word ' of a document must also match all patterns.
create function search_found(account bigint, kind text, first bigint, before bigint, query tsquery, patterns text[],
    most integer) returns table (subject_id bigint, conversation_id bigint)
  language plpgsql stable set enable_seqscan = off set jit = off set max_parallel_workers_per_gather = 0 as $$
#variable_conflict use_column
begin
  return query select d.subject_id, d.conversation_id from search_documents d
    where search_tokens(d.account_id, d.subject, d.subject_id, d.words) @@ query
      and d.account_id + 0 = account and d.subject = kind and d.subject_id + 0 >= first and d.subject_id + 0 < before
      and ' ' || d.words || ' ' like all (patterns)
    order by d.subject_id + 0 desc limit most;
end $$;

create table search_backfills (
  account_id bigint not null primary key,
  before_contact bigint not null,
  before_conversation bigint not null,
  before_message bigint not null
);
insert into search_backfills
  select id, 9007199254740991, 9007199254740991, 9007199254740991 from accounts;
`
