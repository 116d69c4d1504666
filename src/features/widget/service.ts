import type { Queries } from '../../db/database.ts'
import { isWebsite } from '../channels/web-widget/channel.ts'
import { allowedOrigins, widgetOf } from '../channels/web-widget/settings.ts'
import { findInboxByIdentifier, publicMembersOf } from '../inboxes/service.ts'
import { isInboxAvailable } from '../realtime/service.ts'
import type { FrameSettings } from './schema.ts'

// The frame shows only a few avatars.
const maxAgents = 4

/** The settings of the frame of an inbox; undefined if there is no such inbox or it has another channel. */
export async function frameSettings(
  queries: Queries,
  identifier: string,
): Promise<Omit<FrameSettings, 'max_file_size'> | undefined> {
  const inbox = await findInboxByIdentifier(queries, identifier)
  if (!inbox || !isWebsite(inbox)) return undefined
  const widget = widgetOf(inbox.settings)
  const { color, position, title, show_agents, record_visits, ask_email } = widget
  return {
    inbox: identifier,
    title: title || inbox.name,
    greeting: inbox.greeting_message,
    color,
    position,
    agents: show_agents ? await publicMembersOf(queries, inbox, maxAgents) : [],
    available: await isInboxAvailable(queries, inbox.account_id, inbox.id),
    record_visits,
    ask_email,
    pre_chat: widget.pre_chat_form_enabled ? widget.pre_chat_form_options : null,
    identity_validation: inbox.hmac_mandatory === 1,
    origins: allowedOrigins(inbox.settings),
  }
}
