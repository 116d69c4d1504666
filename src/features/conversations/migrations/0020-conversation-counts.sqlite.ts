/*
 * Counting conversations would take longer with each one. Triggers, because many statements insert, change and delete
 * them, and none may be forgotten.
 */
export const sqlite = `
create table conversation_counts (
  account_id integer not null references accounts (id),
  status text not null,
  value integer not null,
  primary key (account_id, status)
) strict, without rowid;
insert into conversation_counts (account_id, status, value)
  select account_id, status, count(*) from conversations group by account_id, status;
create trigger conversation_counts_insert after insert on conversations begin
  insert into conversation_counts (account_id, status, value) values (new.account_id, new.status, 1)
    on conflict (account_id, status) do update set value = value + 1;
end;
create trigger conversation_counts_delete after delete on conversations begin
  update conversation_counts set value = value - 1 where account_id = old.account_id and status = old.status;
end;
create trigger conversation_counts_update after update of status on conversations when old.status <> new.status begin
  update conversation_counts set value = value - 1 where account_id = old.account_id and status = old.status;
  insert into conversation_counts (account_id, status, value) values (new.account_id, new.status, 1)
    on conflict (account_id, status) do update set value = value + 1;
end;
`
