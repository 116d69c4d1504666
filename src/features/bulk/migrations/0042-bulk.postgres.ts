/* As on SQLite. */
export const postgres = `
create table bulk_actions (
  account_id bigint not null references accounts (id),
  id bigint not null,
  author_id bigint not null references users (id),
  view_id bigint,
  filter text collate "C",
  collect_before bigint not null,
  actions text collate "C" not null,
  status text collate "C" not null check (status in ('collecting', 'running', 'done', 'stopped', 'undoing', 'undone')),
  total bigint not null,
  capped bigint not null,
  done_count bigint not null,
  failed_count bigint not null,
  undone_count bigint not null,
  kept_count bigint not null,
  finished_at bigint,
  created_at bigint not null,
  updated_at bigint not null,
  primary key (account_id, id)
);
create index bulk_actions_active on bulk_actions (updated_at) where finished_at is null;
create index bulk_actions_finished on bulk_actions (finished_at) where finished_at is not null;
create index bulk_actions_author on bulk_actions (account_id, author_id, id);

create table bulk_action_targets (
  account_id bigint not null,
  bulk_action_id bigint not null,
  conversation_id bigint not null,
  status text collate "C" not null check (status in ('pending', 'done', 'failed', 'undone', 'kept')),
  effect text collate "C",
  error text collate "C",
  primary key (account_id, bulk_action_id, conversation_id),
  foreign key (account_id, bulk_action_id) references bulk_actions (account_id, id),
  foreign key (account_id, conversation_id) references conversations (account_id, id) on delete cascade
);
create index bulk_action_targets_status on bulk_action_targets (account_id, bulk_action_id, status);
create index bulk_action_targets_conversation on bulk_action_targets (account_id, conversation_id);
`
