export const postgres = `
alter table conversations add column origin_id text collate "C";
create unique index conversations_origin on conversations (account_id, origin_id) where origin_id is not null;
create unique index messages_source on messages (account_id, conversation_id, source_id) where source_id is not null;
`
