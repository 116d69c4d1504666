/* As on SQLite. Nodes of the older version may still be sending, so their leases end by time. */
export const postgres = `
drop trigger inboxes_webhook_insert on inboxes;
drop trigger inboxes_webhook_update on inboxes;
drop trigger inboxes_webhook_delete on inboxes;
drop function follow_inbox_webhook();

create table followers (
  account_id bigint not null references accounts (id),
  name text collate "C" not null,
  position bigint not null,
  primary key (account_id, name)
);
insert into followers select account_id, 'search', position from search_cursors;
insert into followers
  select w.account_id, 'deliveries', greatest(min(w.since), coalesce(min(c.position), 0))
    from webhooks w left join webhook_cursors c on c.account_id = w.account_id
    where w.active = 1 group by w.account_id;
drop table search_cursors;
drop table webhook_cursors;

create table parked_events (
  account_id bigint not null references accounts (id),
  follower text collate "C" not null,
  position bigint not null,
  error text collate "C" not null,
  created_at bigint not null,
  primary key (account_id, follower, position)
);

create table delivery_targets (
  account_id bigint not null references accounts (id),
  id bigint not null,
  sender text collate "C" not null,
  active bigint not null default 1,
  disabled_reason text collate "C",
  since bigint not null,
  failing_since bigint,
  due_at bigint,
  primary key (account_id, id)
);
create index delivery_targets_due on delivery_targets (due_at) where due_at is not null;
insert into delivery_targets
  select account_id, id, 'webhooks', active, disabled_reason, since, failing_since, due_at from webhooks;
insert into counters (account_id, name, value)
  select account_id, 'delivery_targets', value from counters where name = 'webhooks';

drop index webhooks_due;
alter table webhooks
  add column target_id bigint,
  drop column active,
  drop column disabled_reason,
  drop column since,
  drop column failing_since,
  drop column due_at;
update secret_keys set sealed_at = null where exists (select 1 from webhooks where secret is null);
update webhooks set target_id = id,
  secret = coalesce(secret, 'whsec_' || replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''));
alter table webhooks alter column target_id set not null, alter column secret set not null;
create unique index webhooks_target on webhooks (account_id, target_id);

alter table webhook_deliveries rename to deliveries;
alter table deliveries rename column webhook_id to target_id;
alter table deliveries rename column open_in to order_key;
alter table deliveries add column node bigint;
alter index webhook_deliveries_pkey rename to deliveries_pkey;
alter index webhook_deliveries_due rename to deliveries_due;
alter index webhook_deliveries_open rename to deliveries_order;
alter index webhook_deliveries_time rename to deliveries_time;
alter table deliveries rename constraint webhook_deliveries_state_check to deliveries_state_check;
create index deliveries_node on deliveries (node) where node is not null;

alter table webhook_attempts rename to delivery_attempts;
alter table delivery_attempts rename column webhook_id to target_id;
alter index webhook_attempts_pkey rename to delivery_attempts_pkey;
alter index webhook_attempts_time rename to delivery_attempts_time;
`
