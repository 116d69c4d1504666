/* As on SQLite. */
export const postgres = `
alter table conversations add column assignee_bot_id bigint;
`
