export const postgres = `
create table visits (
  account_id bigint not null,
  contact_id bigint not null,
  inbox_id bigint not null,
  page_url text collate "C",
  page_title text collate "C",
  referrer_url text collate "C",
  language text collate "C",
  user_agent text collate "C",
  seen_at bigint not null,
  primary key (account_id, contact_id, inbox_id),
  foreign key (account_id, contact_id) references contacts (account_id, id),
  foreign key (account_id, inbox_id) references inboxes (account_id, id)
);
create index visits_inbox on visits (account_id, inbox_id);
`
