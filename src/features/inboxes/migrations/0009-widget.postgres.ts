export const postgres = `
alter table inboxes add column widget text collate "C";
`
