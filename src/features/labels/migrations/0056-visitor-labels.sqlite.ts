/* The labels that the contacts of an inbox may set and remove in their conversations. */
export const sqlite = `
create table visitor_labels (
  account_id integer not null,
  inbox_id integer not null,
  label_id integer not null,
  primary key (account_id, inbox_id, label_id),
  foreign key (account_id, inbox_id) references inboxes (account_id, id) on delete cascade,
  foreign key (account_id, label_id) references labels (account_id, id) on delete cascade
) strict, without rowid;
create index visitor_labels_label on visitor_labels (account_id, label_id);
`
