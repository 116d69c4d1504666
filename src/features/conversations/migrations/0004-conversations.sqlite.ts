/*
 * Labels, teams, snoozed conversations, settings of inboxes, and the search.
 *
 * A search document contains the words of a message or contact, in lower case and without accents, each once. It is
 * created in the background from the event log, up to the position in `search_cursors`. Triggers remove it in the
 * transaction that changes or erases its subject, because erased text must not remain in the index. The index stores no
 * content and overwrites what is removed (`secure-delete`), so a removal needs the words that were inserted.
 */
export const sqlite = `
create table labels (
  account_id integer not null references accounts (id),
  id integer not null,
  title text not null,
  description text,
  color text not null,
  show_on_sidebar integer not null,
  created_at integer not null,
  updated_at integer not null,
  primary key (account_id, id)
) strict, without rowid;
create unique index labels_title on labels (account_id, title);

create table conversation_labels (
  account_id integer not null,
  conversation_id integer not null,
  label_id integer not null,
  primary key (account_id, conversation_id, label_id),
  foreign key (account_id, conversation_id) references conversations (account_id, id) on delete cascade,
  foreign key (account_id, label_id) references labels (account_id, id) on delete cascade
) strict, without rowid;
create index conversation_labels_label on conversation_labels (account_id, label_id);

create table teams (
  account_id integer not null references accounts (id),
  id integer not null,
  name text not null,
  folded_name text not null,
  description text,
  allow_auto_assign integer not null,
  created_at integer not null,
  updated_at integer not null,
  primary key (account_id, id)
) strict, without rowid;
create unique index teams_name on teams (account_id, folded_name);

create table team_members (
  account_id integer not null,
  team_id integer not null,
  user_id integer not null,
  last_assigned_at integer,
  created_at integer not null,
  primary key (account_id, team_id, user_id),
  foreign key (account_id, team_id) references teams (account_id, id) on delete cascade,
  foreign key (account_id, user_id) references account_users (account_id, user_id) on delete cascade
) strict, without rowid;
create index team_members_user on team_members (account_id, user_id);

alter table conversations add column team_id integer;
create index conversations_team on conversations (account_id, team_id) where team_id is not null;
create index conversations_inbox on conversations (inbox_id, account_id);
create index conversations_waking on conversations (snoozed_until) where status = 'snoozed';
-- Only events of a conversation that belong to no message, so that storing a message does not update this index.
create index events_conversation on events (account_id, conversation_id) where message_id is null;

alter table inboxes add column website_url text;
alter table inboxes add column hmac_mandatory integer not null default 0;
alter table inboxes add column hmac_token text not null default '';
update inboxes set hmac_token = lower(hex(randomblob(32)));

create table search_documents (
  account_id integer not null,
  subject text not null check (subject in ('message', 'contact')),
  subject_id integer not null,
  conversation_id integer,
  id integer not null unique,
  words text not null,
  primary key (account_id, subject, subject_id)
) strict, without rowid;
create table search_cursors (
  account_id integer not null primary key,
  position integer not null
) strict, without rowid;

create virtual table search_index using fts5 (
  words, content = '', tokenize = 'ascii', detail = none, columnsize = 0, prefix = '2 3'
);
insert into search_index (search_index, rank) values ('secure-delete', 1);
create trigger search_documents_added after insert on search_documents begin
  insert into search_index (rowid, words) values (new.id, new.words);
end;
create trigger search_documents_removed after delete on search_documents begin
  insert into search_index (search_index, rowid, words) values ('delete', old.id, old.words);
end;

create trigger messages_changed_for_search after update of content on messages begin
  delete from search_documents where account_id = old.account_id and subject = 'message' and subject_id = old.id;
end;
create trigger messages_deleted_for_search after delete on messages begin
  delete from search_documents where account_id = old.account_id and subject = 'message' and subject_id = old.id;
end;
create trigger contacts_changed_for_search after update of name, email, phone_number, identifier on contacts begin
  delete from search_documents where account_id = old.account_id and subject = 'contact' and subject_id = old.id;
end;
create trigger contacts_deleted_for_search after delete on contacts begin
  delete from search_documents where account_id = old.account_id and subject = 'contact' and subject_id = old.id;
end;
`
