/* As on SQLite. */
export const byAgeOnPostgres = `
create index companies_age on companies (account_id, created_at, id);
`
