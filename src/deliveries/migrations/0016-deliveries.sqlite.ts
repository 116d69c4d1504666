/*
 * Followers get one table for all cursors, and deliveries become independent of webhooks. `order_key` is the number for
 * which later deliveries of the target wait, `node` the process that makes the attempt. No server runs meanwhile, so
 * running deliveries get the node 0, which is never alive. The triggers that made the webhook of an inbox are code now.
 * A secret of hexadecimal digits is base64, too; the start that follows encrypts it.
 */
export const sqlite = `
drop trigger inboxes_webhook_insert;
drop trigger inboxes_webhook_update;
drop trigger inboxes_webhook_move;
drop trigger inboxes_webhook_end;
drop trigger inboxes_webhook_delete;

create table followers (
  account_id integer not null references accounts (id),
  name text not null,
  position integer not null,
  primary key (account_id, name)
) strict, without rowid;
insert into followers select account_id, 'search', position from search_cursors;
insert into followers
  select w.account_id, 'deliveries', max(min(w.since), coalesce(c.position, 0))
    from webhooks w left join webhook_cursors c on c.account_id = w.account_id
    where w.active = 1 group by w.account_id;
drop table search_cursors;
drop table webhook_cursors;

create table parked_events (
  account_id integer not null references accounts (id),
  follower text not null,
  position integer not null,
  error text not null,
  created_at integer not null,
  primary key (account_id, follower, position)
) strict, without rowid;

create table delivery_targets (
  account_id integer not null references accounts (id),
  id integer not null,
  sender text not null,
  active integer not null default 1,
  disabled_reason text,
  since integer not null,
  failing_since integer,
  due_at integer,
  primary key (account_id, id)
) strict, without rowid;
create index delivery_targets_due on delivery_targets (due_at) where due_at is not null;
insert into delivery_targets
  select account_id, id, 'webhooks', active, disabled_reason, since, failing_since, due_at from webhooks;
insert into counters (account_id, name, value)
  select account_id, 'delivery_targets', value from counters where name = 'webhooks';

update secret_keys set sealed_at = null where exists (select 1 from webhooks where secret is null);
create table webhooks_of_targets (
  account_id integer not null references accounts (id),
  id integer not null,
  target_id integer not null,
  inbox_id integer,
  url text not null,
  name text,
  subscriptions text not null,
  secret text not null,
  previous_secret text,
  previous_secret_until integer,
  created_at integer not null,
  updated_at integer not null,
  primary key (account_id, id)
) strict, without rowid;
insert into webhooks_of_targets
  select account_id, id, id, inbox_id, url, name, subscriptions,
    coalesce(secret, 'whsec_' || lower(hex(randomblob(32)))), previous_secret, previous_secret_until,
    created_at, updated_at
  from webhooks;
drop table webhooks;
alter table webhooks_of_targets rename to webhooks;
create unique index webhooks_inbox on webhooks (account_id, inbox_id) where inbox_id is not null;
create unique index webhooks_target on webhooks (account_id, target_id);

alter table webhook_deliveries rename to deliveries;
alter table deliveries rename column webhook_id to target_id;
alter table deliveries rename column open_in to order_key;
alter table deliveries add column node integer;
update deliveries set node = 0 where state = 'running';
drop index webhook_deliveries_due;
drop index webhook_deliveries_open;
drop index webhook_deliveries_time;
create index deliveries_due on deliveries (account_id, target_id, due_at) where due_at is not null;
create index deliveries_order on deliveries (account_id, target_id, order_key, position) where order_key is not null;
create index deliveries_time on deliveries (created_at);
create index deliveries_node on deliveries (node) where node is not null;

alter table webhook_attempts rename to delivery_attempts;
alter table delivery_attempts rename column webhook_id to target_id;
drop index webhook_attempts_time;
create index delivery_attempts_time on delivery_attempts (at);
`
