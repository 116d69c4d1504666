export const sqlite = `
alter table users add column locale text;
`
