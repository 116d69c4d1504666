// 0057-unattended.sqlite.ts explains it.
const isUnanswered = `(select m.message_type from messages m
      where m.account_id = c.account_id and m.conversation_id = c.id and (m.message_type = 'incoming'
        or (m.message_type = 'outgoing' and m.private = 0 and m.sender_type = 'User'))
      order by m.id desc limit 1) = 'incoming'`

// Of the messages that are moved: others change nothing.
const counts = `(new.message_type = 'incoming'
    or (new.message_type = 'outgoing' and new.private = 0 and new.sender_type = 'User'))`

const columns = 'c.account_id, c.id, c.status, c.last_activity_at / 3600000'

export const postgres = `
create table unattended_conversations (
  account_id bigint not null,
  conversation_id bigint not null,
  status text collate "C" not null,
  activity_hour bigint not null,
  primary key (account_id, conversation_id),
  foreign key (account_id, conversation_id) references conversations (account_id, id) on delete cascade
);
insert into unattended_conversations (account_id, conversation_id, status, activity_hour)
  select ${columns} from conversations c where ${isUnanswered};
create index unattended_conversations_recent
  on unattended_conversations (account_id, status, activity_hour, conversation_id);
create function add_unattended_conversation() returns trigger language plpgsql as $$
begin
  insert into unattended_conversations (account_id, conversation_id, status, activity_hour)
    select ${columns} from conversations c where c.account_id = new.account_id and c.id = new.conversation_id
    on conflict do nothing;
  return null;
end $$;
create function remove_unattended_conversation() returns trigger language plpgsql as $$
begin
  delete from unattended_conversations
    where account_id = new.account_id and conversation_id = new.conversation_id;
  return null;
end $$;
create function move_unattended_conversation() returns trigger language plpgsql as $$
begin
  delete from unattended_conversations
    where account_id = new.account_id and conversation_id in (old.conversation_id, new.conversation_id);
  insert into unattended_conversations (account_id, conversation_id, status, activity_hour)
    select ${columns} from conversations c
      where c.account_id = new.account_id and c.id in (old.conversation_id, new.conversation_id) and ${isUnanswered};
  return null;
end $$;
create function describe_unattended_conversation() returns trigger language plpgsql as $$
begin
  update unattended_conversations set status = new.status, activity_hour = new.last_activity_at / 3600000
    where account_id = new.account_id and conversation_id = new.id;
  return null;
end $$;
create trigger unattended_conversations_added after insert on messages
  for each row when (new.message_type = 'incoming') execute function add_unattended_conversation();
create trigger unattended_conversations_answered after insert on messages
  for each row when (new.message_type = 'outgoing' and new.private = 0 and new.sender_type = 'User')
  execute function remove_unattended_conversation();
create trigger unattended_conversations_moved after update of conversation_id on messages
  for each row when (old.conversation_id <> new.conversation_id and ${counts})
  execute function move_unattended_conversation();
create trigger unattended_conversations_changed after update of status, last_activity_at on conversations
  for each row when (old.status <> new.status or old.last_activity_at / 3600000 <> new.last_activity_at / 3600000)
  execute function describe_unattended_conversation();
`
