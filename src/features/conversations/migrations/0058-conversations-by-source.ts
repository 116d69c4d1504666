/** For the deletion of a contact: without it, the foreign key to `contact_inboxes` reads all conversations. */
export const bySource = `
create index conversations_source on conversations (account_id, inbox_id, source_id);
`
