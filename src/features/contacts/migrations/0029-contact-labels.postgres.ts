export const postgres = `
alter table contacts add column additional_attributes text collate "C" not null default '{}';
alter table conversations add column additional_attributes text collate "C" not null default '{}';
create table contact_labels (
  account_id bigint not null,
  contact_id bigint not null,
  label_id bigint not null,
  primary key (account_id, contact_id, label_id),
  foreign key (account_id, contact_id) references contacts (account_id, id) on delete cascade,
  foreign key (account_id, label_id) references labels (account_id, id) on delete cascade
);
create index contact_labels_label on contact_labels (account_id, label_id);
`
