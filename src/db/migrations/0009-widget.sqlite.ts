/* How a website shows an inbox: JSON, null for what is left as it is. */
export const sqlite = `
alter table inboxes add column widget text;
`
