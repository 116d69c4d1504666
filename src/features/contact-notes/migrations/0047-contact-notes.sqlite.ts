export const sqlite = `
create table contact_notes (
  account_id integer not null,
  id integer not null,
  contact_id integer not null,
  author_id integer not null references users (id),
  content text not null,
  created_at integer not null,
  updated_at integer not null,
  primary key (account_id, id),
  foreign key (account_id, contact_id) references contacts (account_id, id)
) strict, without rowid;
create index contact_notes_contact on contact_notes (account_id, contact_id, id);
`
