export const postgres = `
alter table conversations add column subject text collate "C";
`
