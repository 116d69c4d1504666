/*
 * As on SQLite. A new webhook starts after events that are committed but not numbered yet: they get the next positions.
 */
export const postgres = `
create table webhooks (
  account_id bigint not null references accounts (id),
  id bigint not null,
  inbox_id bigint,
  url text collate "C" not null,
  name text collate "C",
  subscriptions text collate "C" not null,
  active bigint not null default 1,
  disabled_reason text collate "C",
  secret text collate "C",
  previous_secret text collate "C",
  previous_secret_until bigint,
  since bigint not null,
  failing_since bigint,
  due_at bigint,
  created_at bigint not null,
  updated_at bigint not null,
  primary key (account_id, id)
);
create unique index webhooks_inbox on webhooks (account_id, inbox_id) where inbox_id is not null;
create index webhooks_due on webhooks (due_at) where due_at is not null;

create table webhook_cursors (
  account_id bigint not null references accounts (id),
  position bigint not null,
  primary key (account_id)
);

create table webhook_deliveries (
  account_id bigint not null,
  webhook_id bigint not null,
  position bigint not null,
  event text collate "C" not null,
  conversation_id bigint,
  open_in bigint,
  state text collate "C" not null check (state in ('pending', 'running', 'succeeded', 'failed')),
  forced bigint not null default 0,
  tries bigint not null default 0,
  step bigint not null default 0,
  due_at bigint,
  finished_at bigint,
  created_at bigint not null,
  primary key (account_id, webhook_id, position)
);
create index webhook_deliveries_due on webhook_deliveries (account_id, webhook_id, due_at) where due_at is not null;
create index webhook_deliveries_open on webhook_deliveries (account_id, webhook_id, open_in, position)
  where open_in is not null;
create index webhook_deliveries_time on webhook_deliveries (created_at);

create table webhook_attempts (
  account_id bigint not null,
  webhook_id bigint not null,
  position bigint not null,
  number bigint not null,
  at bigint not null,
  duration_ms bigint not null,
  code bigint,
  error text collate "C",
  answer text collate "C" not null,
  primary key (account_id, webhook_id, position, number),
  foreign key (account_id, webhook_id, position)
    references webhook_deliveries (account_id, webhook_id, position) on delete cascade
);
create index webhook_attempts_time on webhook_attempts (at);

create function follow_inbox_webhook() returns trigger language plpgsql as $$
declare
  now_ms bigint := extract(epoch from clock_timestamp()) * 1000;
  number bigint;
  newest bigint;
begin
  if tg_op = 'DELETE' or new.webhook_url is null then
    delete from webhooks where account_id = old.account_id and inbox_id = old.id;
    return null;
  end if;
  newest := coalesce((select value from counters where account_id = new.account_id and name = 'events'), 0)
    + (select count(*) from events where account_id = new.account_id and position is null);
  update webhooks set url = new.webhook_url, active = 1, disabled_reason = null, failing_since = null,
    since = case when active = 1 then since else newest end
    where account_id = new.account_id and inbox_id = new.id;
  if found then
    return null;
  end if;
  insert into counters (account_id, name, value) values (new.account_id, 'webhooks', 1)
    on conflict (account_id, name) do update set value = counters.value + 1 returning value into number;
  insert into webhooks (account_id, id, inbox_id, url, subscriptions, since, created_at, updated_at) values (
    new.account_id, number, new.id, new.webhook_url, '[]',
    newest, now_ms, now_ms
  );
  return null;
end $$;
create trigger inboxes_webhook_insert after insert on inboxes
  for each row when (new.webhook_url is not null) execute function follow_inbox_webhook();
create trigger inboxes_webhook_update after update of webhook_url on inboxes
  for each row when (old.webhook_url is distinct from new.webhook_url) execute function follow_inbox_webhook();
create trigger inboxes_webhook_delete after delete on inboxes
  for each row execute function follow_inbox_webhook();
`
