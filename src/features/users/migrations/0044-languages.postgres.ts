export const postgres = `
alter table users add column locale text collate "C";
`
