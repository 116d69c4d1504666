/* What the server completes when a scheduled message is sent: its recipients and quote, its variables, the signature. */
export const sqlite = `
alter table scheduled_messages add column content_attributes text not null default '{}';
alter table scheduled_messages add column append_signature integer not null default 0;
alter table scheduled_messages add column fill_in integer not null default 0;
`
