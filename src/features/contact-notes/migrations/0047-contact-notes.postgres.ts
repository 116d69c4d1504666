export const postgres = `
create table contact_notes (
  account_id bigint not null,
  id bigint not null,
  contact_id bigint not null,
  author_id bigint not null references users (id),
  content text collate "C" not null,
  created_at bigint not null,
  updated_at bigint not null,
  primary key (account_id, id),
  foreign key (account_id, contact_id) references contacts (account_id, id)
);
create index contact_notes_contact on contact_notes (account_id, contact_id, id);
`
