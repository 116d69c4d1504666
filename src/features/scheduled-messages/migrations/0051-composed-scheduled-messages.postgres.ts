export const postgres = `
alter table scheduled_messages add column content_attributes text collate "C" not null default '{}';
alter table scheduled_messages add column append_signature smallint not null default 0;
alter table scheduled_messages add column fill_in smallint not null default 0;
`
