import type { Queries } from '../../db/database.ts'
import { findUnread } from '../notifications/service.ts'
import type { PushRequest } from './requests.ts'
import type { PushMessage } from './schema.ts'
import type { Row } from './store.ts'

type Receiver = Pick<Row, 'user_id' | 'shows_text'> & { locale: string | null }

/** Writes the message for a browser; undefined if there is nothing to say any more. */
export async function messageOf(
  queries: Queries,
  account_id: number,
  request: PushRequest,
  { user_id, shows_text, locale }: Receiver,
): Promise<PushMessage | undefined> {
  const language = locale === null ? {} : { language: locale }
  if (request.kind === 'test') {
    return { tag: 'test', kind: 'test', ...language, account_id, path: '/settings/notifications' }
  }
  const tag = `${account_id}-${request.notification_id}`
  if (request.kind === 'withdrawal') {
    // The kind does not matter: nothing is shown.
    return { tag, kind: 'test', account_id, path: '/', withdrawn: true }
  }
  const notification = await findUnread(queries, { account_id, user_id, id: request.notification_id })
  if (!notification) return undefined
  const { contact_import } = notification
  if (contact_import) {
    const message = {
      tag,
      kind: 'import_finished',
      ...language,
      account_id,
      path: '/contacts/import',
    } as const
    return shows_text === 1 ? { ...message, name: contact_import.file_name } : message
  }
  const { notification_type: kind, secondary_actor, message_id, content, count } = notification
  const primary_actor = notification.primary_actor!
  const path = `/conversations/${primary_actor.id}${message_id === null ? '' : `?message=${message_id}`}`
  const message = { tag, kind, ...language, account_id, path, conversation_id: primary_actor.id, count }
  if (shows_text !== 1) return message
  const name = secondary_actor?.name || primary_actor.contact.name
  return { ...message, ...(name && { name }), ...(content && { text: content }) }
}
