export const postgres = `
alter table inboxes add column settings text collate "C" not null default '{}';
update inboxes set settings = json_strip_nulls(json_build_object(
  'webhook_url', webhook_url, 'website_url', website_url, 'widget', widget::json))::text;
alter table inboxes drop column webhook_url;
alter table inboxes drop column website_url;
alter table inboxes drop column widget;
alter table inboxes drop constraint inboxes_channel_type_check;
create index inboxes_channel on inboxes (channel_type, account_id);

create table inbox_leases (
  account_id bigint not null,
  inbox_id bigint not null,
  holder text collate "C" not null,
  expires_at bigint not null,
  primary key (account_id, inbox_id),
  foreign key (account_id, inbox_id) references inboxes (account_id, id) on delete cascade
);

create table channel_targets (
  account_id bigint not null,
  inbox_id bigint not null,
  target_id bigint not null,
  primary key (account_id, inbox_id),
  foreign key (account_id, inbox_id) references inboxes (account_id, id) on delete cascade
);

create index messages_channel_source on messages (account_id, inbox_id, source_id) where source_id is not null;
`
