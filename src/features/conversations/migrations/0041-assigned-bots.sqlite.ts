/* A conversation is assigned to a user, to a bot, or to nobody. */
export const sqlite = `
alter table conversations add column assignee_bot_id integer;
`
