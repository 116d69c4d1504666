import { urlProblem } from '../../../lib/destination.ts'
import type { ChannelInbox } from '../../inboxes/channels.ts'
import { forgetVisits } from '../../visits/service.ts'
import type { Channel } from '../channel.ts'
import { preChatProblems } from './pre-chat.ts'
import { allowedOrigins, WebsiteSettings, widgetOf } from './settings.ts'

/** Visitors of a website write in the widget, which uses the client API. */
export const channel: Channel<typeof WebsiteSettings> = {
  type: 'web_widget',
  settings: WebsiteSettings,
  programsMayWriteAsContact: false,
  reportsDelivery: false,
  isOpenToCustomers: true,
  allowedOrigins,
  recordsVisits: (settings) => widgetOf(settings).record_visits,
  verify({ website_url, widget }) {
    // The server never calls it, so it may be private.
    const message = website_url ? urlProblem(website_url, true) : undefined
    return [
      ...(message ? [{ field: 'website_url', message, code: 'wrong_format' } as const] : []),
      ...preChatProblems(widget?.pre_chat_form_options),
    ]
  },
  async saved(tx, inbox) {
    if (!widgetOf(inbox.settings).record_visits) await forgetVisits(tx, inbox)
  },
  fields: ({ identifier, settings }, { publicUrl }) => ({
    website_url: settings.website_url ?? null,
    widget: widgetOf(settings),
    embed_script: `<script src="${publicUrl}/widget.js" data-inbox="${identifier}" async></script>`,
  }),
}

/** Whether an inbox is one of this channel. */
export function isWebsite(inbox: ChannelInbox): inbox is ChannelInbox<WebsiteSettings> {
  return inbox.channel_type === channel.type
}
