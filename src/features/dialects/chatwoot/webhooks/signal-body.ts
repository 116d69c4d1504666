import type { Queries } from '../../../../db/database.ts'
import { systemOf } from '../../../../lib/actor.ts'
import { getAccount } from '../../../accounts/service.ts'
import { getContact } from '../../../contacts/service.ts'
import { getConversation } from '../../../conversations/event-log.ts'
import { latestConversationOf } from '../../../customers/customer.ts'
import type { TypingSignal, WebhookSignal, WidgetSignal } from '../../../realtime/webhook-signals.ts'
import { selectByIds } from '../related.store.ts'
import { type Account, contactBody, conversationBody } from './body.ts'
import { nameOfSignal } from './event-names.ts'

/** Returns the body with which Chatwoot sends a signal. Throws `not_found` if what it is about no longer exists. */
export async function signalBodyOf(queries: Queries, signal: WebhookSignal): Promise<object> {
  const account = await getAccount(queries, signal.account_id)
  const body = signal.name === 'typing' ? typingBody : widgetBody
  return { event: nameOfSignal(signal), ...(await body(queries, signal as never, account)) }
}

async function typingBody(queries: Queries, signal: TypingSignal, account: Account) {
  const conversation = await getConversation(queries, systemOf(account.id), signal.conversation_id)
  const user = await typistOf(queries, signal, account)
  const { is_private } = signal
  return { user, conversation: await conversationBody(queries, { conversation, account }), is_private }
}

async function typistOf(queries: Queries, { typist }: TypingSignal, account: Account) {
  if ('bot' in typist) return { ...typist.bot, type: 'agent_bot' }
  if ('contact' in typist)
    return contactBody(await getContact(queries, systemOf(account.id), typist.contact.id), account)
  const { id, name } = typist.user
  const rows = await selectByIds(queries, 'users', account.id, [id])
  return { id, name, email: rows.get(id)?.email ?? null, type: 'user' }
}

async function widgetBody(queries: Queries, signal: WidgetSignal, account: Account) {
  const { inbox_id, contact_id, page, browser, at } = signal
  const actor = systemOf(account.id)
  const contact = contact_id === null ? undefined : await getContact(queries, actor, contact_id)
  const owner = { account_id: account.id, inbox_id, contact_id: contact_id ?? 0 }
  const latest = contact && (await latestConversationOf(queries, owner))
  const conversation = latest === undefined ? undefined : await getConversation(queries, actor, latest)
  const inbox = (await selectByIds(queries, 'inboxes', account.id, [inbox_id])).get(inbox_id)
  return {
    // As elsewhere, a contact in an inbox has the id of the contact.
    id: contact_id,
    contact: contact ? contactBody(contact, account) : null,
    inbox: { id: inbox_id, name: inbox?.name ?? '' },
    account,
    current_conversation: conversation ? await conversationBody(queries, { conversation, account }) : null,
    source_id: contact?.contact_inboxes?.find((one) => one.inbox.id === inbox_id)?.source_id ?? null,
    event_info: {
      initiated_at: { timestamp: new Date(at).toISOString() },
      referer: page.page_url ?? '',
      browser_language: browser.language,
    },
  }
}
