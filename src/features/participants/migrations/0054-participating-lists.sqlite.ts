/*
 * The lists of what a user follows, and of what mentions them, as those of a label (0024-labelled-conversations.sqlite.ts):
 * a row has the status of its conversation, and the hour of the last activity, which triggers keep.
 */
export const sqlite = `
alter table conversation_participants add column mentioned_at integer;
alter table conversation_participants add column status text not null default '';
alter table conversation_participants add column activity_hour integer not null default 0;
update conversation_participants set (status, activity_hour) = (
  select c.status, c.last_activity_at / 3600000 from conversations c
    where c.account_id = conversation_participants.account_id and c.id = conversation_participants.conversation_id);
create index conversation_participants_following
  on conversation_participants (account_id, user_id, status, activity_hour, conversation_id) where left_at is null;
create index conversation_participants_mentioned
  on conversation_participants (account_id, user_id, status, activity_hour, conversation_id)
  where mentioned_at is not null;
create trigger conversation_participants_added after insert on conversation_participants begin
  update conversation_participants set (status, activity_hour) = (
      select c.status, c.last_activity_at / 3600000 from conversations c
        where c.account_id = new.account_id and c.id = new.conversation_id)
    where account_id = new.account_id and conversation_id = new.conversation_id and user_id = new.user_id;
end;
create trigger conversation_participants_changed after update of status, last_activity_at on conversations
  when old.status <> new.status or old.last_activity_at / 3600000 <> new.last_activity_at / 3600000 begin
  update conversation_participants set status = new.status, activity_hour = new.last_activity_at / 3600000
    where account_id = new.account_id and conversation_id = new.id;
end;
`
