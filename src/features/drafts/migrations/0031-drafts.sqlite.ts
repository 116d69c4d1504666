/*
 * What users have written in a conversation and not sent. `version` comes from a counter of the account, so that a draft
 * never has a version that an earlier one had: a browser that knows the earlier one must not overwrite it.
 */
export const sqlite = `
create table drafts (
  account_id integer not null,
  conversation_id integer not null,
  user_id integer not null,
  content text not null,
  private integer not null,
  version integer not null,
  updated_at integer not null,
  primary key (account_id, conversation_id, user_id),
  foreign key (account_id, conversation_id) references conversations (account_id, id) on delete cascade,
  foreign key (account_id, user_id) references account_users (account_id, user_id)
) strict, without rowid;
create index drafts_user on drafts (account_id, user_id);
`
