/** Companies of an import have ids that do not follow the order of their creation. */
export const byAge = `
create index companies_age on companies (account_id, created_at, id);
`
