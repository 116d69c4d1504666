import type { Queries } from '../../db/database.ts'
import type { LoggedEvent } from '../../events/read.ts'
import { answeringUsers, mayWorkIn } from '../inboxes/service.ts'
import { assigneeOf } from '../participants/following.ts'
import type { Listeners } from '../participants/listeners.ts'
import { mentionsOf } from '../participants/mentions.ts'
import { memberIdsOf } from '../teams/parts.store.ts'
import type { NotificationType } from './schema.ts'

export interface Recipient {
  userId: number
  type: NotificationType
}

// Of one event: other transactions of the account wait for it.
const mostRecipients = 200

/** Returns who may learn of an event, once each, and why: never the user who has caused it. */
export async function recipientsOf(
  tx: Queries,
  accountId: number,
  event: LoggedEvent,
  listeners: Listeners,
): Promise<Recipient[]> {
  const others = await concerned(tx, accountId, event, listeners)
  const all = [...(await mentioned(tx, accountId, event)), ...others]
  const own = event.actor_type === 'user' ? event.actor_id : null
  // The first reason counts.
  const byUser = new Map(all.toReversed().map((one) => [one.userId, one]))
  return [...byUser.values()].filter(({ userId }) => userId !== own).slice(0, mostRecipients)
}

async function concerned(
  tx: Queries,
  accountId: number,
  event: LoggedEvent,
  listeners: Listeners,
): Promise<Recipient[]> {
  const assignee = assigneeOf(event)
  if (assignee !== undefined) {
    const sees = await mayWorkIn(tx, accountId, event.inbox_id!, assignee)
    return sees ? [{ userId: assignee, type: 'conversation_assignment' }] : []
  }
  if (event.name === 'conversation_created') return answering(tx, accountId, event)
  return event.name === 'message_created' ? listening(event, listeners) : []
}

/** Those who answer in the inbox of a new conversation, unless a bot answers first. */
async function answering(tx: Queries, accountId: number, event: LoggedEvent): Promise<Recipient[]> {
  const { conversation } = JSON.parse(event.data) as { conversation: { status: string } }
  if (conversation.status !== 'open') return []
  const users = await answeringUsers(tx, { account_id: accountId, id: event.inbox_id! })
  return users.map((userId) => ({ userId, type: 'conversation_creation' }))
}

/** The assignee and the participants, after a message or note of a person. */
async function listening(event: LoggedEvent, listeners: Listeners): Promise<Recipient[]> {
  if (event.actor_type !== 'contact' && event.actor_type !== 'user') return []
  if (isActivity(event)) return []
  const listening = await listeners.of(event.conversation_id!)
  if (!listening) return []
  const { assignee } = listening
  return (
    listening.listeners
      // Whoever had it open has seen the message before this was called.
      .filter(({ seen_at }) => seen_at === null || seen_at < event.created_at)
      .filter(({ user_id, left_at }) => left_at === null || user_id === assignee)
      .map(({ user_id }) => ({
        userId: user_id,
        type:
          user_id === assignee
            ? 'assigned_conversation_new_message'
            : 'participating_conversation_new_message',
      }))
  )
}

function isActivity({ data }: LoggedEvent): boolean {
  // Not every message is parsed: few of them contain the word.
  if (!data.includes('"activity"')) return false
  return (JSON.parse(data) as { message_type: string }).message_type === 'activity'
}

/** The users whom a note mentions, and the members of the teams that it mentions, if they see the conversation. */
async function mentioned(tx: Queries, accountId: number, event: LoggedEvent): Promise<Recipient[]> {
  const users: number[] = []
  for (const { kind, id } of mentionsOf(event))
    users.push(...(kind === 'user' ? [id] : await memberIdsOf(tx, accountId, id)))
  const recipients: Recipient[] = []
  for (const userId of [...new Set(users)].slice(0, mostRecipients)) {
    if (await mayWorkIn(tx, accountId, event.inbox_id!, userId))
      recipients.push({ userId, type: 'conversation_mention' })
  }
  return recipients
}
