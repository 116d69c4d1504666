import type { Queries } from '../../db/database.ts'
import { userOfAccessChange } from '../../events/access.ts'
import { type FollowedBatch, follow as followLog } from '../../events/follow.ts'
import type { LoggedEvent } from '../../events/read.ts'
import { roleOf } from '../users/service.ts'
import { Listeners } from './listeners.ts'
import { mentionsOf } from './mentions.ts'
import { conversationNews } from './news.ts'
import { follow, followMention, leaveForeignInboxes } from './service.ts'

/** Makes users follow the conversations in which they have a part, and ends it when they leave the inbox. */
export const followingParticipants = followLog('participants', {
  from: 'start',
  rest: 2,
  step,
  stepped: (accountId, database) => conversationNews.of(database).stepped(accountId),
})

async function step(tx: Queries, { accountId, after, events }: FollowedBatch): Promise<number | undefined> {
  const news = conversationNews.of(tx)
  const listeners = new Listeners(tx, accountId)
  await listeners.read(conversationsOf(events))
  await news.begin(tx, accountId, events)
  let done = after
  for (const event of events) {
    const user = userOfAccessChange(event)
    if (user !== undefined) {
      await news.accessChanged(tx, accountId, user)
      listeners.forgetAll()
      // If there is more to delete, the next step gets this event again.
      if (await leaveInboxes(tx, accountId, user)) break
    }
    await followConversation(tx, accountId, event, listeners)
    const isEnough = await news.process(tx, accountId, event, listeners)
    done = event.position
    if (isEnough) break
  }
  await news.end(tx, accountId)
  return done === events.at(-1)?.position ? undefined : done
}

/** The conversations with new messages. */
function conversationsOf(events: readonly LoggedEvent[]): number[] {
  const ids = events.flatMap(({ name, conversation_id }) =>
    name === 'message_created' && conversation_id !== null ? [conversation_id] : [],
  )
  return [...new Set(ids)]
}

async function leaveInboxes(tx: Queries, accountId: number, userId: number): Promise<boolean> {
  if ((await roleOf(tx, accountId, userId)) === 'administrator') return false
  return leaveForeignInboxes(tx, accountId, userId)
}

/**
 * Makes those follow a conversation who were assigned to it, who have written something in it, even a private note, or who
 * were mentioned there.
 */
async function followConversation(
  tx: Queries,
  accountId: number,
  event: LoggedEvent,
  listeners: Listeners,
): Promise<void> {
  const { conversation_id, created_at } = event
  if (conversation_id === null) return
  const assignee = assigneeOf(event)
  const author = authorOf(event)
  const mentioned = mentionsOf(event).flatMap(({ kind, id }) => (kind === 'user' ? [id] : []))
  const followed: (number | undefined)[] = []
  if (assignee !== undefined)
    followed.push(await follow(tx, accountId, conversation_id, assignee, created_at))
  if (author !== undefined && !(await listens(listeners, conversation_id, author)))
    followed.push(await follow(tx, accountId, conversation_id, author, created_at))
  for (const user of mentioned)
    followed.push(await followMention(tx, accountId, conversation_id, user, created_at))
  for (const id of followed) if (id !== undefined) listeners.forget(id)
}

async function listens(listeners: Listeners, conversationId: number, user: number): Promise<boolean> {
  const known = await listeners.of(conversationId)
  return known?.listeners.some(({ user_id, left_at }) => user_id === user && left_at === null) === true
}

/** The user to whom an event has assigned a conversation. */
export function assigneeOf({ name, data, before }: LoggedEvent): number | undefined {
  // Not every event is parsed: most of them assign nothing.
  const mayAssign =
    name === 'conversation_created' || (name === 'conversation_updated' && before?.includes('meta.assignee'))
  if (!mayAssign) return undefined
  const { conversation } = JSON.parse(data) as { conversation: { meta: { assignee: { id: number } | null } } }
  return conversation.meta.assignee?.id
}

/** The user who has written the message or note of an event. */
function authorOf({ name, actor_type, data }: LoggedEvent): number | undefined {
  if (name !== 'message_created' || actor_type !== 'user') return undefined
  const { message_type, sender } = JSON.parse(data) as MessageData
  return message_type === 'outgoing' && sender?.type === 'User' ? sender.id : undefined
}

interface MessageData {
  message_type: string
  sender: { id: number; type: string } | null
}
