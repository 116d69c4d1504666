/*
 * `due_at` of a delivery is when to send it or, while it is running, the end of its lease; null if it waits for an
 * earlier one of its conversation, or is finished. `open_in` is the conversation, as long as later deliveries wait for
 * this one. `due_at` of a webhook is the earliest of its deliveries, so that no query scans all deliveries. Triggers
 * keep the webhook of an API inbox the same as the inbox's `webhook_url`.
 */
export const sqlite = `
create table webhooks (
  account_id integer not null references accounts (id),
  id integer not null,
  inbox_id integer,
  url text not null,
  name text,
  subscriptions text not null,
  active integer not null default 1,
  disabled_reason text,
  secret text,
  previous_secret text,
  previous_secret_until integer,
  since integer not null,
  failing_since integer,
  due_at integer,
  created_at integer not null,
  updated_at integer not null,
  primary key (account_id, id)
) strict, without rowid;
create unique index webhooks_inbox on webhooks (account_id, inbox_id) where inbox_id is not null;
create index webhooks_due on webhooks (due_at) where due_at is not null;

create table webhook_cursors (
  account_id integer not null references accounts (id),
  position integer not null,
  primary key (account_id)
) strict, without rowid;

create table webhook_deliveries (
  account_id integer not null,
  webhook_id integer not null,
  position integer not null,
  event text not null,
  conversation_id integer,
  open_in integer,
  state text not null check (state in ('pending', 'running', 'succeeded', 'failed')),
  forced integer not null default 0,
  tries integer not null default 0,
  step integer not null default 0,
  due_at integer,
  finished_at integer,
  created_at integer not null,
  primary key (account_id, webhook_id, position)
) strict, without rowid;
create index webhook_deliveries_due on webhook_deliveries (account_id, webhook_id, due_at) where due_at is not null;
create index webhook_deliveries_open on webhook_deliveries (account_id, webhook_id, open_in, position)
  where open_in is not null;
create index webhook_deliveries_time on webhook_deliveries (created_at);

create table webhook_attempts (
  account_id integer not null,
  webhook_id integer not null,
  position integer not null,
  number integer not null,
  at integer not null,
  duration_ms integer not null,
  code integer,
  error text,
  answer text not null,
  primary key (account_id, webhook_id, position, number),
  foreign key (account_id, webhook_id, position)
    references webhook_deliveries (account_id, webhook_id, position) on delete cascade
) strict, without rowid;
create index webhook_attempts_time on webhook_attempts (at);

${['insert', 'update of webhook_url']
  .map(
    (change) => `
create trigger inboxes_webhook_${change.split(' ')[0]} after ${change} on inboxes
when new.webhook_url is not null ${change === 'insert' ? '' : 'and old.webhook_url is null'}
begin
  insert into counters (account_id, name, value) values (new.account_id, 'webhooks', 1)
    on conflict (account_id, name) do update set value = value + 1;
  insert into webhooks (account_id, id, inbox_id, url, subscriptions, since, created_at, updated_at) values (
    new.account_id,
    (select value from counters where account_id = new.account_id and name = 'webhooks'),
    new.id, new.webhook_url, '[]',
    coalesce((select value from counters where account_id = new.account_id and name = 'events'), 0),
    cast(unixepoch('subsec') * 1000 as integer), cast(unixepoch('subsec') * 1000 as integer)
  );
end;`,
  )
  .join('\n')}

create trigger inboxes_webhook_move after update of webhook_url on inboxes
when new.webhook_url is not null and old.webhook_url is not null and new.webhook_url <> old.webhook_url
begin
  update webhooks set url = new.webhook_url, active = 1, disabled_reason = null, failing_since = null,
    since = case when active = 1 then since else
      coalesce((select value from counters where account_id = new.account_id and name = 'events'), 0) end
    where account_id = new.account_id and inbox_id = new.id;
end;

create trigger inboxes_webhook_end after update of webhook_url on inboxes when new.webhook_url is null
begin
  delete from webhooks where account_id = new.account_id and inbox_id = new.id;
end;

create trigger inboxes_webhook_delete after delete on inboxes
begin
  delete from webhooks where account_id = old.account_id and inbox_id = old.id;
end;
`
