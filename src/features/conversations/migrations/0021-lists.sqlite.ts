/*
 * Lists of conversations and contacts take the same time for any number of them: their counts are stored, and their
 * pages are read from an index in the order of the list.
 *
 * Each conversation is counted in eight rows of `conversation_counts`: with its own inbox, assignee and team, and with -1
 * in place of each, which stands for all of them. 0 means no assignee or no team. So a count is one row for each status,
 * whatever the filter. Triggers count, because many statements insert, change and delete conversations, and none may be
 * forgotten. A new message changes no column that is counted.
 *
 * `conversations_activity` has the order of the list for each status, with the columns of the filters.
 * `conversations_group` has the same order for each combination of inbox, status, assignee and team, for filters with
 * few matches. Neither begins with the account: without statistics, a planner would use it to find one conversation.
 */
const count = (rows: string) => `
  insert into conversation_counts (account_id, status, inbox_id, assignee_id, team_id, value)
    select c.account_id, c.status, iif(i.each, c.inbox_id, -1), iif(a.each, c.assignee_id, -1),
        iif(t.each, c.team_id, -1), sum(c.value)
      from (${rows}) c
        cross join (select 0 as each union all select 1) i
        cross join (select 0 as each union all select 1) a
        cross join (select 0 as each union all select 1) t
      group by 1, 2, 3, 4, 5 having sum(c.value) <> 0
    on conflict do update set value = value + excluded.value;`

const counted = (row: 'old' | 'new', value: number) =>
  `select ${row}.account_id as account_id, ${row}.status as status, ${row}.inbox_id as inbox_id,
        coalesce(${row}.assignee_id, 0) as assignee_id, coalesce(${row}.team_id, 0) as team_id, ${value} as value`

const removeZeros = `
  delete from conversation_counts where account_id = old.account_id and status = old.status
    and inbox_id in (-1, old.inbox_id) and assignee_id in (-1, coalesce(old.assignee_id, 0))
    and team_id in (-1, coalesce(old.team_id, 0)) and value = 0;`

export const sqlite = `
drop trigger conversation_counts_insert;
drop trigger conversation_counts_delete;
drop trigger conversation_counts_update;
drop table conversation_counts;
create table conversation_counts (
  account_id integer not null references accounts (id),
  status text not null,
  inbox_id integer not null,
  assignee_id integer not null,
  team_id integer not null,
  value integer not null,
  primary key (account_id, status, inbox_id, assignee_id, team_id)
) strict, without rowid;
${count(`select account_id, status, inbox_id, coalesce(assignee_id, 0) as assignee_id,
        coalesce(team_id, 0) as team_id, count(*) as value from conversations group by 1, 2, 3, 4, 5`)}
create trigger conversation_counts_insert after insert on conversations begin${count(counted('new', 1))}
end;
create trigger conversation_counts_delete after delete on conversations begin${count(counted('old', -1))}${removeZeros}
end;
create trigger conversation_counts_update after update of status, inbox_id, assignee_id, team_id on conversations
  when old.status <> new.status or old.inbox_id <> new.inbox_id or old.assignee_id is not new.assignee_id
    or old.team_id is not new.team_id begin${count(`${counted('old', -1)} union all ${counted('new', 1)}`)}${removeZeros}
end;

drop index conversations_status;
create index conversations_activity
  on conversations (status, account_id, last_activity_at, id, inbox_id, assignee_id, team_id);
create index conversations_created
  on conversations (status, account_id, created_at, id, inbox_id, assignee_id, team_id);
create index conversations_updated
  on conversations (status, account_id, updated_at, id, inbox_id, assignee_id, team_id);
drop index conversations_inbox;
create index conversations_group on conversations (inbox_id, account_id, status, coalesce(assignee_id, 0),
  coalesce(team_id, 0), last_activity_at, id);
create index conversations_unread on conversations (account_id, assignee_id, id, inbox_id, team_id)
  where status = 'open' and unread_count > 0;

create table contact_counts (
  account_id integer not null primary key references accounts (id),
  value integer not null
) strict;
insert into contact_counts (account_id, value) select account_id, count(*) from contacts group by account_id;
create trigger contact_counts_insert after insert on contacts begin
  insert into contact_counts (account_id, value) values (new.account_id, 1)
    on conflict do update set value = value + 1;
end;
create trigger contact_counts_delete after delete on contacts begin
  update contact_counts set value = value - 1 where account_id = old.account_id;
end;

create index contacts_name on contacts (account_id, name, id);
create index contacts_activity on contacts (account_id, last_activity_at, id);
create index contacts_created on contacts (account_id, created_at, id);
create index contacts_without_email on contacts (account_id, id) where email is null;
create index contacts_without_phone_number on contacts (account_id, id) where phone_number is null;
`
