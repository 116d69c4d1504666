/*
 * The conversations of a label in the order of the list, approximately: a row of `conversation_labels` has the status of
 * its conversation, and the hour of the last activity. With the exact time each message would change the row; so only the
 * first message of an hour does. Triggers keep both, so that no statement has to know them.
 */
export const sqlite = `
alter table conversation_labels add column status text not null default '';
alter table conversation_labels add column activity_hour integer not null default 0;
update conversation_labels set (status, activity_hour) = (
  select c.status, c.last_activity_at / 3600000 from conversations c
    where c.account_id = conversation_labels.account_id and c.id = conversation_labels.conversation_id);
drop index conversation_labels_label;
create index conversation_labels_recent
  on conversation_labels (account_id, label_id, status, activity_hour, conversation_id);
create trigger conversation_labels_added after insert on conversation_labels begin
  update conversation_labels set (status, activity_hour) = (
      select c.status, c.last_activity_at / 3600000 from conversations c
        where c.account_id = new.account_id and c.id = new.conversation_id)
    where account_id = new.account_id and conversation_id = new.conversation_id and label_id = new.label_id;
end;
create trigger conversation_labels_changed after update of status, last_activity_at on conversations
  when old.status <> new.status or old.last_activity_at / 3600000 <> new.last_activity_at / 3600000 begin
  update conversation_labels set status = new.status, activity_hour = new.last_activity_at / 3600000
    where account_id = new.account_id and conversation_id = new.id;
end;
`
