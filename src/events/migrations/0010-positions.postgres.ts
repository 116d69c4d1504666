/*
 * Committed events always have a position. A statement that appends events can set it itself, which saves an update.
 * For all others a trigger assigns it as the last step before the commit. The counter is locked from then until the
 * commit, so positions are in the order of the commits, and because the lock is short, writers run concurrently until
 * they end. A statement that increments the counter itself must already hold all its other locks, and must take the
 * counters of several accounts in the order of account_id.
 */
export const postgres = `
-- Number the events that nodes of an older version have left, after their transactions have ended.
select pg_advisory_xact_lock(7364002, 0);
lock table events in share row exclusive mode;
do $$ begin
  while number_events(1000) > 0 loop end loop;
end $$;
-- Nodes of an older version call it after their commits to notify other nodes.
create or replace function number_events(most integer) returns integer language plpgsql as $$
begin
  perform pg_notify('ndoto_events', '');
  return 0;
end $$;

create function give_positions() returns trigger language plpgsql as $$
begin
  -- The first of a transaction's events gives all of them their positions.
  if not exists (select from events where account_id = new.account_id and id = new.id and position is null) then
    return null;
  end if;
  with fresh as (
    select account_id, id, row_number() over (partition by account_id order by id desc) - 1 as behind
      from events where position is null
  ), last as (
    insert into counters (account_id, name, value)
      select account_id, 'events', count(*) from fresh group by account_id order by account_id
      on conflict (account_id, name) do update set value = counters.value + excluded.value
      returning account_id, value
  )
  update events e set position = last.value - fresh.behind
    from fresh join last on last.account_id = fresh.account_id
    where e.account_id = fresh.account_id and e.id = fresh.id and e.position is null;
  return null;
end $$;
create constraint trigger events_positions after insert on events deferrable initially deferred
  for each row when (new.position is null) execute function give_positions();
`
