import { settingEvents } from '../accounts/service.ts'
import { Inbox } from './schema.ts'

export const inboxEvents = settingEvents('inbox', Inbox, {
  inboxOf: ({ id }) => id,
  redact: (inbox) => ({
    ...inbox,
    channel_settings: null,
    webhook_url: null,
    embed_script: null,
    hmac_token: null,
  }),
})
