/*
 * Without statistics SQLite prefers the primary key, and so a scan of the account, to an index with only two of three
 * compared columns. This index also has the columns that count a visitor's open conversations.
 */
export const sqlite = `
drop index conversations_contact;
create index conversations_contact on conversations (account_id, contact_id, inbox_id, status);
`
