/**
 * `conversations_source` is for the deletion of a contact: without it, the foreign key to `contact_inboxes` reads all
 * conversations. It begins with the column that has the most values, and the other one leaves out what has no time, so
 * that PostgreSQL never takes one of them for a list of an account.
 */
export const sqlite = `
create index conversations_source on conversations (source_id, account_id, inbox_id);
drop index conversations_waking;
create index conversations_waking on conversations (snoozed_until)
  where status = 'snoozed' and snoozed_until is not null;
`
