/*
 * What other systems know about a contact or a conversation, apart from the attributes that people of the account define,
 * and the labels of contacts.
 */
export const sqlite = `
alter table contacts add column additional_attributes text not null default '{}';
alter table conversations add column additional_attributes text not null default '{}';
create table contact_labels (
  account_id integer not null,
  contact_id integer not null,
  label_id integer not null,
  primary key (account_id, contact_id, label_id),
  foreign key (account_id, contact_id) references contacts (account_id, id) on delete cascade,
  foreign key (account_id, label_id) references labels (account_id, id) on delete cascade
) strict, without rowid;
create index contact_labels_label on contact_labels (account_id, label_id);
`
