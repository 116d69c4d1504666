/*
 * Programs choose the `source_id` of their messages, and several can have the same one. The import looks for it under a
 * lock, so it needs the index but not its uniqueness; the export finds repeated ones in the order of their ids.
 */
export const sqlite = `
drop index messages_source;
create index messages_source on messages (account_id, conversation_id, source_id, id) where source_id is not null;
`
