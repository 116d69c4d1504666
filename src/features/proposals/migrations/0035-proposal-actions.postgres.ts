export const postgres = `
alter table proposals add column actions text collate "C" not null default '[]';
`
