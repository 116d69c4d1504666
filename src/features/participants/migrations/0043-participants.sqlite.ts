/*
 * Users who follow a conversation. One who has stopped is remembered: the follower of the log, which may be late, must not
 * make them a participant again because of something that happened before. At first it is the assignees, and the follower
 * begins with the next event.
 */
export const sqlite = `
create table conversation_participants (
  account_id integer not null,
  conversation_id integer not null,
  user_id integer not null,
  inbox_id integer not null,
  left_at integer,
  created_at integer not null,
  primary key (account_id, conversation_id, user_id),
  foreign key (account_id, conversation_id) references conversations (account_id, id) on delete cascade,
  foreign key (account_id, user_id) references account_users (account_id, user_id)
) strict, without rowid;
create index conversation_participants_user on conversation_participants (account_id, user_id, inbox_id);

insert into conversation_participants (account_id, conversation_id, user_id, inbox_id, created_at)
select c.account_id, c.id, c.assignee_id, c.inbox_id, c.updated_at
from conversations c
join account_users m on m.account_id = c.account_id and m.user_id = c.assignee_id;

insert into followers (account_id, name, position)
select c.account_id, 'participants', c.value from counters c join accounts a on a.id = c.account_id where c.name = 'events';
`
