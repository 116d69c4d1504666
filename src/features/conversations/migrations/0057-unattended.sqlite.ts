/*
 * The conversations with a message of the customer that no agent has answered yet, read as those of a label
 * (0024-labelled-conversations.sqlite.ts). Bots, notes and automatic messages do not answer. Triggers keep the rows,
 * because messages are sent, received, imported and moved.
 */
const isUnanswered = `(select m.message_type from messages m
      where m.account_id = c.account_id and m.conversation_id = c.id and (m.message_type = 'incoming'
        or (m.message_type = 'outgoing' and m.private = 0 and m.sender_type = 'User'))
      order by m.id desc limit 1) = 'incoming'`

// Of the messages that are moved: others change nothing.
const counts = `(new.message_type = 'incoming'
    or (new.message_type = 'outgoing' and new.private = 0 and new.sender_type = 'User'))`

const columns = 'c.account_id, c.id, c.status, c.last_activity_at / 3600000'

export const sqlite = `
create table unattended_conversations (
  account_id integer not null,
  conversation_id integer not null,
  status text not null,
  activity_hour integer not null,
  primary key (account_id, conversation_id),
  foreign key (account_id, conversation_id) references conversations (account_id, id) on delete cascade
) strict, without rowid;
insert into unattended_conversations (account_id, conversation_id, status, activity_hour)
  select ${columns} from conversations c where ${isUnanswered};
create index unattended_conversations_recent
  on unattended_conversations (account_id, status, activity_hour, conversation_id);
create trigger unattended_conversations_added after insert on messages when new.message_type = 'incoming' begin
  insert into unattended_conversations (account_id, conversation_id, status, activity_hour)
    select ${columns} from conversations c where c.account_id = new.account_id and c.id = new.conversation_id
      and not exists (select 1 from unattended_conversations w
        where w.account_id = new.account_id and w.conversation_id = new.conversation_id);
end;
create trigger unattended_conversations_answered after insert on messages
  when new.message_type = 'outgoing' and new.private = 0 and new.sender_type = 'User' begin
  delete from unattended_conversations
    where account_id = new.account_id and conversation_id = new.conversation_id;
end;
create trigger unattended_conversations_moved after update of conversation_id on messages
  when old.conversation_id <> new.conversation_id and ${counts} begin
  delete from unattended_conversations
    where account_id = new.account_id and conversation_id in (old.conversation_id, new.conversation_id);
  insert into unattended_conversations (account_id, conversation_id, status, activity_hour)
    select ${columns} from conversations c
      where c.account_id = new.account_id and c.id in (old.conversation_id, new.conversation_id) and ${isUnanswered};
end;
create trigger unattended_conversations_changed after update of status, last_activity_at on conversations
  when old.status <> new.status or old.last_activity_at / 3600000 <> new.last_activity_at / 3600000 begin
  update unattended_conversations set status = new.status, activity_hour = new.last_activity_at / 3600000
    where account_id = new.account_id and conversation_id = new.id;
end;
`
