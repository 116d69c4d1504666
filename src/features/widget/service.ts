import type { Queries } from '../../db/database.ts'
import { allowedOrigins, facesOf, findInboxByIdentifier, widgetOf } from '../inboxes/service.ts'
import type { FrameSettings } from './schema.ts'

// More are no longer faces.
const mostFaces = 4

/** What the frame of an inbox is told, and whose pages may hold it; undefined where there is no such inbox. */
export async function frameOf(
  queries: Queries,
  identifier: string,
): Promise<Omit<FrameSettings, 'max_file_size'> | undefined> {
  const inbox = await findInboxByIdentifier(queries, identifier)
  const widget = inbox && widgetOf(inbox)
  if (!widget) return undefined
  const { color, position, title, show_agents } = widget
  return {
    inbox: identifier,
    title: title || inbox.name,
    greeting: inbox.greeting_message,
    color,
    position,
    agents: show_agents ? await facesOf(queries, inbox, mostFaces) : [],
    identity_validation: inbox.hmac_mandatory === 1,
    origins: allowedOrigins(inbox),
  }
}
