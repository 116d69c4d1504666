export const postgres = `
drop index conversations_contact;
create index conversations_contact on conversations (account_id, contact_id, inbox_id, status);
`
