// 0024-labelled-conversations.sqlite.ts explains it.
export const postgres = `
alter table conversation_labels add column status text collate "C" not null default '';
alter table conversation_labels add column activity_hour bigint not null default 0;
update conversation_labels w set status = c.status, activity_hour = c.last_activity_at / 3600000
  from conversations c where c.account_id = w.account_id and c.id = w.conversation_id;
drop index conversation_labels_label;
create index conversation_labels_recent
  on conversation_labels (account_id, label_id, status, activity_hour, conversation_id);
create function describe_label() returns trigger language plpgsql as $$
begin
  select c.status, c.last_activity_at / 3600000 into new.status, new.activity_hour from conversations c
    where c.account_id = new.account_id and c.id = new.conversation_id;
  return new;
end $$;
create function describe_labels() returns trigger language plpgsql as $$
begin
  update conversation_labels set status = new.status, activity_hour = new.last_activity_at / 3600000
    where account_id = new.account_id and conversation_id = new.id;
  return null;
end $$;
create trigger conversation_labels_added before insert on conversation_labels
  for each row execute function describe_label();
create trigger conversation_labels_changed after update of status, last_activity_at on conversations
  for each row when (old.status <> new.status or old.last_activity_at / 3600000 <> new.last_activity_at / 3600000)
  execute function describe_labels();
`
