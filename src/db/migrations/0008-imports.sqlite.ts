/*
 * What an import has brought in is known by the name that it has in the file, so that the same file again makes nothing
 * twice: conversations by `origin_id`, messages by their `source_id`, contacts by that of their contact inbox.
 */
export const sqlite = `
alter table conversations add column origin_id text;
create unique index conversations_origin on conversations (account_id, origin_id) where origin_id is not null;
create unique index messages_source on messages (account_id, conversation_id, source_id) where source_id is not null;
`
