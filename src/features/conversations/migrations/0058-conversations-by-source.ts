/**
 * For the deletion of a contact: without it, the foreign key to `contact_inboxes` reads all conversations. It begins with the
 * column that has the most values, so that PostgreSQL never takes it for a list of an account.
 */
export const bySource = `
create index conversations_source on conversations (source_id, account_id, inbox_id);
`
