/*
 * Replies that somebody, or a program, has proposed. `after_message_id` is the last message of the conversation at
 * that time, 0 if there was none: if the contact writes after it, the proposal is stale. The triggers count the uses of files, as in migration 30.
 */
const keys = (row: string) => `(select value ->> 'key' from json_each(${row}.attachments))`
const use = `update files set shares = shares + 1
    where account_id = new.account_id and due_at is null and key in ${keys('new')}`
const release = `update files set shares = max(shares - 1, 0), due_at = case when shares = 0 then 0 end,
      name = case when shares = 0 then '' else name end
    where account_id = old.account_id and due_at is null and key in ${keys('old')}`

export const sqlite = `
create table proposals (
  account_id integer not null,
  id integer not null,
  conversation_id integer not null,
  actor_type text not null,
  actor_id integer,
  content text not null,
  attachments text,
  sources text not null,
  after_message_id integer not null,
  status text not null check (status in ('pending', 'sent', 'refused')),
  reason text,
  decided_by integer references users (id),
  message_id integer,
  expires_at integer,
  created_at integer not null,
  updated_at integer not null,
  primary key (account_id, id),
  foreign key (account_id, conversation_id) references conversations (account_id, id) on delete cascade
) strict, without rowid;
create index proposals_conversation on proposals (account_id, conversation_id, id);

create trigger proposals_files_insert after insert on proposals when new.attachments is not null begin
  ${use};
end;
create trigger proposals_files_update after update of attachments on proposals
  when old.attachments is not new.attachments begin
  ${use} and key not in ${keys('old')};
  ${release} and key not in ${keys('new')};
end;
create trigger proposals_files_delete after delete on proposals when old.attachments is not null begin
  ${release};
end;
`
