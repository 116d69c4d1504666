// 0020-conversation-counts.sqlite.ts explains it.
export const postgres = `
create table conversation_counts (
  account_id bigint not null references accounts (id),
  status text collate "C" not null,
  value bigint not null,
  primary key (account_id, status)
);
insert into conversation_counts (account_id, status, value)
  select account_id, status, count(*) from conversations group by account_id, status;
create function count_conversations() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then
    update conversation_counts set value = value - 1 where account_id = old.account_id and status = old.status;
  end if;
  if tg_op <> 'DELETE' then
    insert into conversation_counts as c (account_id, status, value) values (new.account_id, new.status, 1)
      on conflict (account_id, status) do update set value = c.value + 1;
  end if;
  return null;
end
$$;
create trigger conversation_counts after insert or delete on conversations
  for each row execute function count_conversations();
create trigger conversation_counts_update after update of status on conversations
  for each row when (old.status <> new.status) execute function count_conversations();
`
