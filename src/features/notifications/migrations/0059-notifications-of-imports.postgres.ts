/* As on SQLite. */
export const ofImportsOnPostgres = `
alter table notifications alter column conversation_id drop not null,
  add column contact_import_id bigint,
  add column contact_import text collate "C",
  add check ((conversation_id is null) = (contact_import_id is not null)),
  add check ((contact_import is null) = (contact_import_id is null));
`
