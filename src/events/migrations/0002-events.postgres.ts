/*
 * As on SQLite, but positions are assigned after the commit: a number assigned before could become visible after higher
 * ones, and a reader that has passed those would miss it. `number_events`, which one caller runs at a time, numbers the
 * committed events in the order of `id`. An `id` is drawn while the conversation's row is locked, so the events of a
 * conversation are in the order of their commits. It also notifies the nodes of the accounts with new events.
 */
export const postgres = `
create sequence event_ids;
create table events (
  account_id bigint not null references accounts (id),
  id bigint not null default nextval('event_ids'),
  position bigint,
  name text collate "C" not null,
  audience text collate "C" not null check (audience in ('agents', 'everyone', 'server')),
  conversation_id bigint,
  inbox_id bigint,
  contact_id bigint,
  message_id bigint,
  data text collate "C" not null,
  created_at bigint not null,
  primary key (account_id, id)
);
create unique index events_position on events (account_id, position) where position is not null;
create index events_fresh on events (id) where position is null;
create index events_message on events (account_id, message_id) where message_id is not null;

-- Numbers at most "most" new events. Returns how many, or -1 if another caller is running.
create function number_events(most integer) returns integer language plpgsql
  -- Planning it each time costs more than running it.
  set plan_cache_mode = force_generic_plan
as $$
declare
  accounts_told text;
  count integer;
begin
  if not pg_try_advisory_xact_lock(7364002, 0) then
    return -1;
  end if;
  with fresh as (
    select account_id, id from events where position is null order by id limit most
  ), per_account as (
    select account_id, count(*) as count from fresh group by account_id
  ), last as (
    insert into counters (account_id, name, value)
      select account_id, 'events', per_account.count from per_account order by account_id
      on conflict (account_id, name) do update set value = counters.value + excluded.value
      returning account_id, value
  ), numbered as (
    select fresh.account_id, fresh.id,
        last.value - per_account.count + row_number() over (partition by fresh.account_id order by fresh.id) as position
      from fresh
        join per_account on per_account.account_id = fresh.account_id
        join last on last.account_id = fresh.account_id
  ), done as (
    update events set position = numbered.position from numbered
      where events.account_id = numbered.account_id and events.id = numbered.id
      returning events.account_id
  )
  select string_agg(distinct account_id::text, ','), count(*) into accounts_told, count from done;
  if count > 0 then
    perform pg_notify('ndoto_events', case when length(accounts_told) < 7000 then accounts_told else '' end);
  end if;
  return count;
end $$;
`
