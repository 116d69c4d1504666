/* How a website shows an inbox, as JSON; null for the defaults. */
export const sqlite = `
alter table inboxes add column widget text;
`
