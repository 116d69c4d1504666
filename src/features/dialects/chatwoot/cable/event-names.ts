import { isUpdate } from '../changes.ts'

/** An event of the log, as far as its names depend on it. */
interface Happening {
  name: string
  changed: readonly string[]
  /** The contact that a contact was merged into. */
  merged_into?: number | null
}

/** Returns the names that Chatwoot has for an event, as agents get it: often several. None if it has none. */
export function agentEventNames({ name, changed, merged_into }: Happening): string[] {
  switch (name) {
    case 'message_created':
      return ['message.created']
    case 'message_updated':
    case 'message_deleted':
      return ['message.updated']
    case 'conversation_created':
      return ['conversation.created']
    case 'conversation_status_changed':
      return ['conversation.status_changed', 'conversation.updated']
    case 'conversation_updated':
      return conversationUpdates(changed)
    case 'contact_created':
      return ['contact.created']
    case 'contact_updated':
      return ['contact.updated']
    case 'contact_deleted':
      return [merged_into ? 'contact.merged' : 'contact.deleted']
    default:
      return []
  }
}

function conversationUpdates(changed: readonly string[]): string[] {
  const names: Record<string, string> = {
    contact_last_seen_at: 'conversation.read',
    contact: 'conversation.contact_changed',
    'meta.assignee': 'assignee.changed',
    'meta.bot': 'assignee.changed',
    'meta.team': 'team.changed',
  }
  // A user can take over from a bot: both fields have changed, and it is one event.
  const own = [...new Set(changed.flatMap((field) => names[field] ?? []))]
  return isUpdate(changed) ? [...own, 'conversation.updated'] : own
}

const contactEvents = [
  'message.created',
  'message.updated',
  'conversation.created',
  'conversation.status_changed',
  'conversation.updated',
]

/** Returns the names of an event that contacts get it by, if they may see it. */
export function contactEventNames(happening: Happening): string[] {
  return agentEventNames(happening).filter((name) => contactEvents.includes(name))
}
