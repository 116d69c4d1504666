/* The labels that the contacts of an inbox may set and remove in their conversations. */
export const postgres = `
create table visitor_labels (
  account_id bigint not null,
  inbox_id bigint not null,
  label_id bigint not null,
  primary key (account_id, inbox_id, label_id),
  foreign key (account_id, inbox_id) references inboxes (account_id, id) on delete cascade,
  foreign key (account_id, label_id) references labels (account_id, id) on delete cascade
);
create index visitor_labels_label on visitor_labels (account_id, label_id);
`
