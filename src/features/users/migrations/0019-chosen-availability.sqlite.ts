// Until now nothing depended on the availability, and nearly everybody had the default, `offline`. Kept as their choice, it
// would end the automatic assignment of every team.
export const sqlite = `
update account_users set availability = 'online' where availability = 'offline';
`
