/*
 * Imported rows are identified by their id in the file, so that importing the same file again creates nothing twice:
 * conversations by `origin_id`, messages by `source_id`, contacts by the `source_id` of their contact inbox.
 */
export const sqlite = `
alter table conversations add column origin_id text;
create unique index conversations_origin on conversations (account_id, origin_id) where origin_id is not null;
create unique index messages_source on messages (account_id, conversation_id, source_id) where source_id is not null;
`
