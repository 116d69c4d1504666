export const sqlite = `
create table visits (
  account_id integer not null,
  contact_id integer not null,
  inbox_id integer not null,
  page_url text,
  page_title text,
  referrer_url text,
  language text,
  user_agent text,
  seen_at integer not null,
  primary key (account_id, contact_id, inbox_id),
  foreign key (account_id, contact_id) references contacts (account_id, id),
  foreign key (account_id, inbox_id) references inboxes (account_id, id)
) strict, without rowid;
create index visits_inbox on visits (account_id, inbox_id);
`
