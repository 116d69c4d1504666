// 0058-conversation-indexes.sqlite.ts explains it.
export const postgres = `
create index conversations_source on conversations (source_id, account_id, inbox_id);
drop index conversations_waking;
create index conversations_waking on conversations (snoozed_until)
  where status = 'snoozed' and snoozed_until is not null;
`
