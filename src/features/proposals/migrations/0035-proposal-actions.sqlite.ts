/* What happens when a proposal is sent, as a JSON list of actions. */
export const sqlite = `
alter table proposals add column actions text not null default '[]';
`
