// 0054-participating-lists.sqlite.ts explains it.
export const postgres = `
alter table conversation_participants add column mentioned_at bigint;
alter table conversation_participants add column status text collate "C" not null default '';
alter table conversation_participants add column activity_hour bigint not null default 0;
update conversation_participants w set status = c.status, activity_hour = c.last_activity_at / 3600000
  from conversations c where c.account_id = w.account_id and c.id = w.conversation_id;
create index conversation_participants_following
  on conversation_participants (account_id, user_id, status, activity_hour, conversation_id) where left_at is null;
create index conversation_participants_mentioned
  on conversation_participants (account_id, user_id, status, activity_hour, conversation_id)
  where mentioned_at is not null;
-- The lock: a statement that stores a message may be changing the conversation, and does not see the new row. Its lock is one
-- for update, and the foreign key takes this one anyway, but only after the row was described.
create function describe_participant() returns trigger language plpgsql as $$
begin
  select c.status, c.last_activity_at / 3600000 into new.status, new.activity_hour from conversations c
    where c.account_id = new.account_id and c.id = new.conversation_id for key share;
  return new;
end $$;
create function describe_participants() returns trigger language plpgsql as $$
begin
  update conversation_participants set status = new.status, activity_hour = new.last_activity_at / 3600000
    where account_id = new.account_id and conversation_id = new.id;
  return null;
end $$;
create trigger conversation_participants_added before insert on conversation_participants
  for each row execute function describe_participant();
create trigger conversation_participants_changed after update of status, last_activity_at on conversations
  for each row when (old.status <> new.status or old.last_activity_at / 3600000 <> new.last_activity_at / 3600000)
  execute function describe_participants();
`
