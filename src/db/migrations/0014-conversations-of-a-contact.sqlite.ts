/*
 * Without statistics SQLite prefers the primary key, which means a scan of the account, to an index that has only two of
 * three compared columns. This one also has what a visitor's limit of open conversations is counted by.
 */
export const sqlite = `
drop index conversations_contact;
create index conversations_contact on conversations (account_id, contact_id, inbox_id, status);
`
