// 0019-chosen-availability.sqlite.ts explains it.
export const postgres = `
update account_users set availability = 'online' where availability = 'offline';
`
