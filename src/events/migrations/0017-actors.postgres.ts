export const postgres = `
alter table events
  add column actor_type text collate "C",
  add column actor_id bigint,
  add column cause text collate "C",
  add column before text collate "C";
`
