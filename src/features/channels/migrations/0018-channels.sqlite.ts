/*
 * The settings of an inbox's channel are one JSON object, and the server decides which channels there are. A check of a
 * column goes with the column, so the column is replaced: rebuilding the table, which others refer to, would need the
 * foreign keys switched off. `inbox_leases` says which node receives the messages of an inbox, and
 * `channel_targets` to which target of deliveries those of agents go.
 */
export const sqlite = `
alter table inboxes add column settings text not null default '{}';
update inboxes set settings = json_patch('{}',
  json_object('webhook_url', webhook_url, 'website_url', website_url, 'widget', json(widget)));
alter table inboxes drop column webhook_url;
alter table inboxes drop column website_url;
alter table inboxes drop column widget;

alter table inboxes rename column channel_type to checked_channel_type;
alter table inboxes add column channel_type text not null default '';
update inboxes set channel_type = checked_channel_type;
alter table inboxes drop column checked_channel_type;
create index inboxes_channel on inboxes (channel_type, account_id);

create table inbox_leases (
  account_id integer not null,
  inbox_id integer not null,
  holder text not null,
  expires_at integer not null,
  primary key (account_id, inbox_id),
  foreign key (account_id, inbox_id) references inboxes (account_id, id) on delete cascade
) strict, without rowid;

create table channel_targets (
  account_id integer not null,
  inbox_id integer not null,
  target_id integer not null,
  primary key (account_id, inbox_id),
  foreign key (account_id, inbox_id) references inboxes (account_id, id) on delete cascade
) strict, without rowid;

create index messages_channel_source on messages (account_id, inbox_id, source_id) where source_id is not null;
`
