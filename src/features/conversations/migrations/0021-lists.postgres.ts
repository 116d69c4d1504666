/*
 * As on SQLite. Statements that insert or delete many conversations count them together, because each change of a row
 * that the transaction has already changed takes longer than the one before. A trigger for statements that update would
 * also run for each message, so there each conversation is counted separately.
 */
const deltas = (rows: string) => `
  with deltas as (
    select c.account_id, c.status, i.id as inbox_id, a.id as assignee_id, t.id as team_id, sum(c.value) as value
      from (${rows}) c
        cross join lateral (values (-1), (c.inbox_id)) i (id)
        cross join lateral (values (-1), (c.assignee_id)) a (id)
        cross join lateral (values (-1), (c.team_id)) t (id)
      group by 1, 2, 3, 4, 5 having sum(c.value) <> 0
      order by 1, 2, 3, 4, 5
  )
  insert into conversation_counts as k (account_id, status, inbox_id, assignee_id, team_id, value)
    select account_id, status, inbox_id, assignee_id, team_id, value from deltas
    on conflict (account_id, status, inbox_id, assignee_id, team_id) do update set value = k.value + excluded.value;`

const counted = (row: 'old' | 'new', value: number) =>
  `select ${row}.account_id, ${row}.status, ${row}.inbox_id, coalesce(${row}.assignee_id, 0) as assignee_id,
        coalesce(${row}.team_id, 0) as team_id, ${value} as value`

const all = (table: string, value: string) =>
  `select account_id, status, inbox_id, coalesce(assignee_id, 0) as assignee_id, coalesce(team_id, 0) as team_id,
        ${value} as value from ${table} group by 1, 2, 3, 4, 5`

/*
 * PostgreSQL enters a row in every index of its table if a column of one of them changes, which made a message a third
 * slower. So what a message changes is in no index: the hours change once an hour.
 */
const hours = `
alter table conversations
  add column activity_hour bigint not null generated always as (last_activity_at / 3600000) stored,
  add column update_hour bigint not null generated always as (updated_at / 3600000) stored,
  add column is_unread boolean not null generated always as (unread_count > 0) stored;`

export const postgres = `
drop trigger conversation_counts on conversations;
drop trigger conversation_counts_update on conversations;
drop function count_conversations();
drop table conversation_counts;
create table conversation_counts (
  account_id bigint not null references accounts (id),
  status text collate "C" not null,
  inbox_id bigint not null,
  assignee_id bigint not null,
  team_id bigint not null,
  value bigint not null,
  primary key (account_id, status, inbox_id, assignee_id, team_id)
);
${deltas(all('conversations', 'count(*)'))}
create function count_added_conversations() returns trigger language plpgsql as $$
begin${deltas(all('added', 'count(*)'))}
  return null;
end $$;
create function count_removed_conversations() returns trigger language plpgsql as $$
begin${deltas(all('removed', '-count(*)'))}
  delete from conversation_counts k using (select distinct account_id, status, inbox_id from removed) r
    where k.account_id = r.account_id and k.status = r.status and k.inbox_id in (-1, r.inbox_id) and k.value = 0;
  return null;
end $$;
create function count_changed_conversation() returns trigger language plpgsql as $$
begin${deltas(`${counted('old', -1)} union all ${counted('new', 1)}`)}
  delete from conversation_counts where account_id = old.account_id and status = old.status
    and inbox_id in (-1, old.inbox_id) and assignee_id in (-1, coalesce(old.assignee_id, 0))
    and team_id in (-1, coalesce(old.team_id, 0)) and value = 0;
  return null;
end $$;
create trigger conversation_counts_insert after insert on conversations referencing new table as added
  for each statement execute function count_added_conversations();
create trigger conversation_counts_delete after delete on conversations referencing old table as removed
  for each statement execute function count_removed_conversations();
create trigger conversation_counts_update after update of status, inbox_id, assignee_id, team_id on conversations
  for each row when ((old.status, old.inbox_id, old.assignee_id, old.team_id)
    is distinct from (new.status, new.inbox_id, new.assignee_id, new.team_id))
  execute function count_changed_conversation();

${hours}
drop index conversations_status;
create index conversations_activity on conversations (status, account_id, activity_hour, id);
create index conversations_created on conversations (status, account_id, created_at, id);
create index conversations_updated on conversations (status, account_id, update_hour, id);
drop index conversations_inbox;
create index conversations_group on conversations (inbox_id, account_id, status, coalesce(assignee_id, 0),
  coalesce(team_id, 0), activity_hour, id);
create index conversations_unread on conversations (account_id, assignee_id, id)
  where status = 'open' and is_unread;

create table contact_counts (
  account_id bigint not null primary key references accounts (id),
  value bigint not null
);
insert into contact_counts (account_id, value) select account_id, count(*) from contacts group by account_id;
create function count_added_contacts() returns trigger language plpgsql as $$
begin
  insert into contact_counts as k (account_id, value)
    select account_id, count(*) from added group by account_id order by account_id
    on conflict (account_id) do update set value = k.value + excluded.value;
  return null;
end $$;
create function count_removed_contacts() returns trigger language plpgsql as $$
begin
  update contact_counts k set value = k.value - r.value
    from (select account_id, count(*) as value from removed group by account_id) r
    where k.account_id = r.account_id;
  return null;
end $$;
create trigger contact_counts_insert after insert on contacts referencing new table as added
  for each statement execute function count_added_contacts();
create trigger contact_counts_delete after delete on contacts referencing old table as removed
  for each statement execute function count_removed_contacts();

create index contacts_name on contacts (account_id, name, id);
create index contacts_activity on contacts (account_id, last_activity_at, id);
create index contacts_created on contacts (account_id, created_at, id);
create index contacts_without_email on contacts (account_id, id) where email is null;
create index contacts_without_phone_number on contacts (account_id, id) where phone_number is null;
`
