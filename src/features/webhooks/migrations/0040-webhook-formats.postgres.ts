/* How the events for a webhook or a bot are written: as this API does, or as Chatwoot does. */
export const postgres = `
alter table webhooks add column format text not null default 'ndoto';
alter table agent_bots add column format text not null default 'ndoto';
`
