/*
 * The targets are the conversations of a bulk action, listed before the first one is changed. Each has what was changed, so
 * that it can be undone. Rows are deleted a day after the end.
 */
export const sqlite = `
create table bulk_actions (
  account_id integer not null references accounts (id),
  id integer not null,
  author_id integer not null references users (id),
  view_id integer,
  filter text,
  collect_before integer not null,
  actions text not null,
  status text not null check (status in ('collecting', 'running', 'done', 'stopped', 'undoing', 'undone')),
  total integer not null,
  capped integer not null,
  done_count integer not null,
  failed_count integer not null,
  undone_count integer not null,
  kept_count integer not null,
  finished_at integer,
  created_at integer not null,
  updated_at integer not null,
  primary key (account_id, id)
) strict, without rowid;
create index bulk_actions_active on bulk_actions (updated_at) where finished_at is null;
create index bulk_actions_finished on bulk_actions (finished_at) where finished_at is not null;
create index bulk_actions_author on bulk_actions (account_id, author_id, id);

create table bulk_action_targets (
  account_id integer not null,
  bulk_action_id integer not null,
  conversation_id integer not null,
  status text not null check (status in ('pending', 'done', 'failed', 'undone', 'kept')),
  effect text,
  error text,
  primary key (account_id, bulk_action_id, conversation_id),
  foreign key (account_id, bulk_action_id) references bulk_actions (account_id, id),
  foreign key (account_id, conversation_id) references conversations (account_id, id) on delete cascade
) strict, without rowid;
create index bulk_action_targets_status on bulk_action_targets (account_id, bulk_action_id, status);
create index bulk_action_targets_conversation on bulk_action_targets (account_id, conversation_id);
`
