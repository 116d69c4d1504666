/*
 * As on SQLite. The lock when a label is added: a statement that stores a message may be changing the conversation, and
 * does not see the new row.
 */
export const postgres = `
drop index conversation_labels_recent;
alter table conversation_labels
  add column inbox_id bigint not null default 0,
  add column team_id bigint,
  add column assignee_id bigint,
  add column label_bits bigint not null default 0;
update conversation_labels w
  set inbox_id = c.inbox_id, team_id = c.team_id, assignee_id = c.assignee_id, label_bits = b.label_bits
  from conversations c, (
    select account_id, conversation_id, bit_or(1::bigint << (label_id % 52)::integer) as label_bits
      from conversation_labels group by 1, 2) b
  where c.account_id = w.account_id and c.id = w.conversation_id
    and b.account_id = w.account_id and b.conversation_id = w.conversation_id;
create index conversation_labels_recent on conversation_labels
  (account_id, label_id, status, activity_hour, conversation_id)
  include (inbox_id, team_id, assignee_id, label_bits);
create or replace function describe_label() returns trigger language plpgsql as $$
begin
  new.label_bits := 1::bigint << (new.label_id % 52)::integer;
  update conversation_labels set label_bits = label_bits | new.label_bits
    where account_id = new.account_id and conversation_id = new.conversation_id;
  if found then
    select label_bits | new.label_bits into new.label_bits from conversation_labels
      where account_id = new.account_id and conversation_id = new.conversation_id limit 1;
  end if;
  select c.status, c.last_activity_at / 3600000, c.inbox_id, c.team_id, c.assignee_id
    into new.status, new.activity_hour, new.inbox_id, new.team_id, new.assignee_id
    from conversations c where c.account_id = new.account_id and c.id = new.conversation_id for key share;
  return new;
end $$;
create or replace function describe_labels() returns trigger language plpgsql as $$
begin
  update conversation_labels set status = new.status, activity_hour = new.last_activity_at / 3600000,
      inbox_id = new.inbox_id, team_id = new.team_id, assignee_id = new.assignee_id
    where account_id = new.account_id and conversation_id = new.id;
  return null;
end $$;
drop trigger conversation_labels_changed on conversations;
create trigger conversation_labels_changed
  after update of status, last_activity_at, inbox_id, team_id, assignee_id on conversations
  for each row when (old.status <> new.status or old.last_activity_at / 3600000 <> new.last_activity_at / 3600000
    or (old.inbox_id, old.team_id, old.assignee_id) is distinct from (new.inbox_id, new.team_id, new.assignee_id))
  execute function describe_labels();
`
