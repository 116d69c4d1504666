/* The subject of a conversation by e-mail. */
export const sqlite = `
alter table conversations add column subject text;
`
