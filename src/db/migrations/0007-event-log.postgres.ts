/* At each event the reference locked the account's row, which all posts share. Accounts are not deleted. */
export const postgres = `
alter table events drop constraint events_account_id_fkey;
`
