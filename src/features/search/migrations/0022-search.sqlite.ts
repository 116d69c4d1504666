/*
 * A search index that can be read from the newest match on: the row of a document in it is its subject's id, under the
 * account and the kind, so that each account has a range of its own in which newer subjects come later. Each word in it
 * begins with a character that stands for the account and the kind, so that a search never reads documents of others;
 * it is from a range without a meaning, and no word of a text contains it. Words can be looked up by their first 3 and
 * 5 letters.
 *
 * The index is filled again in the background (`backfill.ts`), because that takes long: from the newest conversation
 * down to the oldest. The old one is overwritten here, since it contains words that may be erased later.
 */
const rowAndWords = (row: 'new' | 'old') => {
  const account = `${row}.account_id`
  const isMessage = `(${row}.subject = 'message')`
  const owner = `char(983040 + (${account} * 2 + ${isMessage}) % 65534)`
  return `(${account} << 40) + (${isMessage} << 39) + ${row}.subject_id,
    ${owner} || replace(${row}.words, ' ', ' ' || ${owner})`
}

export const sqlite = `
drop table search_index;
drop table search_documents;

create table search_documents (
  account_id integer not null,
  subject text not null check (subject in ('message', 'contact')),
  subject_id integer not null,
  conversation_id integer,
  words text not null,
  primary key (account_id, subject, subject_id)
) strict, without rowid;

create virtual table search_index using fts5 (
  words, content = '', tokenize = 'ascii', detail = none, columnsize = 0, prefix = '4 6'
);
insert into search_index (search_index, rank) values ('secure-delete', 1);
create trigger search_documents_added after insert on search_documents begin
  insert into search_index (rowid, words) values (${rowAndWords('new')});
end;
create trigger search_documents_removed after delete on search_documents begin
  insert into search_index (search_index, rowid, words) values ('delete', ${rowAndWords('old')});
end;

create table search_backfills (
  account_id integer not null primary key,
  before_contact integer not null,
  before_conversation integer not null,
  before_message integer not null
) strict, without rowid;
insert into search_backfills
  select id, 9007199254740991, 9007199254740991, 9007199254740991 from accounts;
`
