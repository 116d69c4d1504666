import { settingEvents } from '../accounts/service.ts'
import { Inbox } from './schema.ts'

export const inboxEvents = settingEvents('inbox', Inbox, {
  inboxOf: ({ id }) => id,
  redact: (inbox) => ({ ...inbox, webhook_url: null, hmac_token: null }),
})
