/*
 * `search_tokens` returns the same words as before in less than half the time. A subquery in an expression of plpgsql runs
 * as a statement of its own, and there were three for each document.
 *
 * `search_found` cannot use the primary key for its kind either, which would read all contacts of all accounts.
 */
export const postgres = `
create or replace function search_tokens(account_id bigint, subject text, subject_id bigint, words text) returns tsvector
  language plpgsql immutable cost 10000 as $$
declare
  owner text := left(subject, 1) || account_id || '.';
  tokens text[] := string_to_array(owner || replace(words, ' ', ' ' || owner), ' ');
  short integer := length(owner) + 3;
  token text;
begin
  foreach token in array tokens loop
    continue when length(token) <= short;
    tokens := tokens || left(token, short);
    continue when length(token) <= short + 2;
    tokens := tokens || left(token, short + 2);
  end loop;
  owner := owner || '@';
  return array_to_tsvector(tokens || array[
    owner || '10.' || (subject_id >> 10), owner || '13.' || (subject_id >> 13), owner || '16.' || (subject_id >> 16),
    owner || '19.' || (subject_id >> 19), owner || '22.' || (subject_id >> 22), owner || '50.' || (subject_id >> 50)]);
end $$;

create or replace function search_found(account bigint, kind text, first bigint, before bigint, query tsquery,
    patterns text[], most integer) returns table (subject_id bigint, conversation_id bigint)
  language plpgsql stable set enable_seqscan = off set jit = off set max_parallel_workers_per_gather = 0 as $$
#variable_conflict use_column
begin
  return query select d.subject_id, d.conversation_id from search_documents d
    where search_tokens(d.account_id, d.subject, d.subject_id, d.words) @@ query
      and d.account_id + 0 = account and d.subject || '' = kind
      and d.subject_id + 0 >= first and d.subject_id + 0 < before
      and ' ' || d.words || ' ' like all (patterns)
    order by d.subject_id + 0 desc limit most;
end $$;
`
