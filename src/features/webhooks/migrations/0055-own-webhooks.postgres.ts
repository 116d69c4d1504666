/*
 * An account can have many API inboxes, each with a webhook. The index now has the webhooks of no inbox, too, so that
 * they are found without reading all others.
 */
export const postgres = `
drop index webhooks_inbox;
create unique index webhooks_inbox on webhooks (account_id, inbox_id);
`
