export const postgres = `
drop index messages_source;
create index messages_source on messages (account_id, conversation_id, source_id, id) where source_id is not null;
`
