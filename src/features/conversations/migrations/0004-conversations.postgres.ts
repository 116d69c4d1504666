/*
 * As on SQLite. The program normalizes and splits the words of a search document, and the index takes them unchanged,
 * so both engines find the same.
 */
export const postgres = `
create table labels (
  account_id bigint not null references accounts (id),
  id bigint not null,
  title text collate "C" not null,
  description text collate "C",
  color text collate "C" not null,
  show_on_sidebar smallint not null,
  created_at bigint not null,
  updated_at bigint not null,
  primary key (account_id, id)
);
create unique index labels_title on labels (account_id, title);

create table conversation_labels (
  account_id bigint not null,
  conversation_id bigint not null,
  label_id bigint not null,
  primary key (account_id, conversation_id, label_id),
  foreign key (account_id, conversation_id) references conversations (account_id, id) on delete cascade,
  foreign key (account_id, label_id) references labels (account_id, id) on delete cascade
);
create index conversation_labels_label on conversation_labels (account_id, label_id);

create table teams (
  account_id bigint not null references accounts (id),
  id bigint not null,
  name text collate "C" not null,
  folded_name text collate "C" not null,
  description text collate "C",
  allow_auto_assign smallint not null,
  created_at bigint not null,
  updated_at bigint not null,
  primary key (account_id, id)
);
create unique index teams_name on teams (account_id, folded_name);

create table team_members (
  account_id bigint not null,
  team_id bigint not null,
  user_id bigint not null,
  last_assigned_at bigint,
  created_at bigint not null,
  primary key (account_id, team_id, user_id),
  foreign key (account_id, team_id) references teams (account_id, id) on delete cascade,
  foreign key (account_id, user_id) references account_users (account_id, user_id) on delete cascade
);
create index team_members_user on team_members (account_id, user_id);

alter table conversations add column team_id bigint;
create index conversations_team on conversations (account_id, team_id) where team_id is not null;
create index conversations_inbox on conversations (inbox_id, account_id);
create index conversations_waking on conversations (snoozed_until) where status = 'snoozed';
-- Only events of a conversation that belong to no message, so that storing a message does not update this index.
create index events_conversation on events (account_id, conversation_id) where message_id is null;

alter table inboxes add column website_url text collate "C";
alter table inboxes add column hmac_mandatory smallint not null default 0;
alter table inboxes add column hmac_token text collate "C" not null default '';
update inboxes set hmac_token = replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');

create table search_documents (
  account_id bigint not null,
  subject text collate "C" not null check (subject in ('message', 'contact')),
  subject_id bigint not null,
  conversation_id bigint,
  words text collate "C" not null,
  lexemes tsvector not null generated always as (array_to_tsvector(string_to_array(words, ' '))) stored,
  primary key (account_id, subject, subject_id)
);
create index search_index on search_documents using gin (lexemes);
create table search_cursors (
  account_id bigint not null primary key,
  position bigint not null
);

create function search_document_outdated() returns trigger language plpgsql as $$
begin
  delete from search_documents
    where account_id = old.account_id and subject = tg_argv[0] and subject_id = old.id;
  return null;
end $$;
create trigger messages_changed_for_search after update of content on messages
  for each row execute function search_document_outdated('message');
create trigger messages_deleted_for_search after delete on messages
  for each row execute function search_document_outdated('message');
create trigger contacts_changed_for_search after update of name, email, phone_number, identifier on contacts
  for each row execute function search_document_outdated('contact');
create trigger contacts_deleted_for_search after delete on contacts
  for each row execute function search_document_outdated('contact');
`
