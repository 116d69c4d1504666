/* As on SQLite. */
export const postgres = `
create table proposals (
  account_id bigint not null,
  id bigint not null,
  conversation_id bigint not null,
  actor_type text collate "C" not null,
  actor_id bigint,
  content text collate "C" not null,
  attachments text collate "C",
  sources text collate "C" not null,
  after_message_id bigint not null,
  status text collate "C" not null check (status in ('pending', 'sent', 'refused')),
  reason text collate "C",
  decided_by bigint references users (id),
  message_id bigint,
  expires_at bigint,
  created_at bigint not null,
  updated_at bigint not null,
  primary key (account_id, id),
  foreign key (account_id, conversation_id) references conversations (account_id, id) on delete cascade
);
create index proposals_conversation on proposals (account_id, conversation_id, id);

create trigger proposals_files_insert after insert on proposals
  for each row when (new.attachments is not null) execute function file_uses_changed();
create trigger proposals_files_update after update of attachments on proposals
  for each row when (old.attachments is distinct from new.attachments) execute function file_uses_changed();
create trigger proposals_files_delete after delete on proposals
  for each row when (old.attachments is not null) execute function file_uses_changed();
`
