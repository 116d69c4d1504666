/* Each event locked the row of the account because of the reference, and all posts share that row. Accounts are never
 * deleted. */
export const postgres = `
alter table events drop constraint events_account_id_fkey;
`
