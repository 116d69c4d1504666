/*
 * A row of `conversation_labels` also has what lists filter by: the inbox, the team and the assignee of its conversation,
 * so that the index of a label answers such a list without looking up the conversation of each row.
 *
 * `label_bits` is for lists with several labels: each label of the conversation sets the bit of its id modulo 52, which
 * a number of JavaScript can hold. A row without the bits of a list does not match; one with them has to be checked,
 * because labels share bits. So a label that is removed may leave its bit.
 */
const described = 'status, activity_hour, inbox_id, team_id, assignee_id'
const bits = (row: string) => `(select sum(distinct 1 << (o.label_id % 52)) from conversation_labels o
  where o.account_id = ${row}.account_id and o.conversation_id = ${row}.conversation_id)`

export const sqlite = `
drop trigger conversation_labels_added;
drop trigger conversation_labels_changed;
drop index conversation_labels_recent;
alter table conversation_labels add column inbox_id integer not null default 0;
alter table conversation_labels add column team_id integer;
alter table conversation_labels add column assignee_id integer;
alter table conversation_labels add column label_bits integer not null default 0;
update conversation_labels set (inbox_id, team_id, assignee_id, label_bits) = (
  select c.inbox_id, c.team_id, c.assignee_id, ${bits('conversation_labels')} from conversations c
    where c.account_id = conversation_labels.account_id and c.id = conversation_labels.conversation_id);
create index conversation_labels_recent on conversation_labels
  (account_id, label_id, status, activity_hour, conversation_id, inbox_id, team_id, assignee_id, label_bits);
create trigger conversation_labels_added after insert on conversation_labels begin
  update conversation_labels set (${described}, label_bits) = (
      select c.status, c.last_activity_at / 3600000, c.inbox_id, c.team_id, c.assignee_id, ${bits('new')}
        from conversations c where c.account_id = new.account_id and c.id = new.conversation_id)
    where account_id = new.account_id and conversation_id = new.conversation_id;
end;
create trigger conversation_labels_changed
  after update of status, last_activity_at, inbox_id, team_id, assignee_id on conversations
  when old.status <> new.status or old.last_activity_at / 3600000 <> new.last_activity_at / 3600000
    or old.inbox_id <> new.inbox_id or old.team_id is not new.team_id or old.assignee_id is not new.assignee_id begin
  update conversation_labels set (${described}) =
      (new.status, new.last_activity_at / 3600000, new.inbox_id, new.team_id, new.assignee_id)
    where account_id = new.account_id and conversation_id = new.id;
end;
`
