/*
 * Returns the same words as before in less than half the time. A subquery in an expression of plpgsql runs as a
 * statement of its own, and there were three for each document.
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
`
