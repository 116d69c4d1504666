import { batch, signal } from '@preact/signals'
import { type Callbacks, type Subscription, subscribe } from '../../shared/events.ts'
import type { Conversation, Message, UserPresence } from './api-types.ts'

/** Whether the event stream is connected; undefined before the first connection. */
export const isConnected = signal<boolean | undefined>(undefined)

/** An event about a message; the message has the form of the API's lists. */
export interface MessageNews {
  kind: 'created' | 'updated' | 'deleted'
  message: Message
  /** The status of the conversation after the event. */
  status: Conversation['status']
}

/** An event about somebody who is typing. */
export interface TypingNews {
  conversation_id: number
  user?: { id: number; name: string }
  contact?: { id: number; name: string }
  bot?: { id: number; name: string }
  is_private: boolean
  typing_status: 'on' | 'off'
}

/** The callbacks of a part of the page, by kind of event. */
interface Hearing {
  message(news: MessageNews): void
  conversation(conversation: Conversation): void
  conversationDeleted(id: number): void
  /** Messages were moved from or to a conversation by a merge or split. */
  moved(id: number): void
  contact(id: number): void
  /** A company was created, changed or deleted. */
  company(id: number): void
  /** An agent, inbox, label or team was created, changed or deleted; `shows` if conversations show the change. */
  setting(shows: boolean): void
  /** A bot was created, changed or deleted, or an inbox got or lost one. */
  bot(): void
  /** A note about this contact was written, changed or deleted. */
  contactNote(contact: number): void
  /** A custom attribute definition was created, changed or deleted. */
  definition(): void
  /** A canned response that everybody sees was created, changed or deleted. */
  cannedResponse(): void
  /** A view that everybody sees was created, changed or deleted. */
  view(): void
  /** A macro that everybody sees was created, changed or deleted. */
  macro(): void
  /** A scheduled message or a proposal of a conversation was created, changed or deleted. */
  prepared(conversation: number): void
  typing(news: TypingNews): void
  /** A user looks at a conversation, or no longer does. */
  viewing(news: {
    conversation_id: number
    user: { id: number; name: string }
    viewing_status: 'on' | 'off'
  }): void
  presence(presence: UserPresence): void
  /** The user has changed the draft of a conversation in another browser, or has sent it; `version` is 0 if it is gone. */
  draft(news: { conversation_id: number; version: number }): void
  /** The user has a new notification (null: has read some), and so many unread ones. */
  notification(news: { notification_id: number | null; unread_count: number }): void
  /** The participants of a conversation were changed by a call. */
  participants(conversation: number, participants: readonly { id: number; name: string }[]): void
  /** A contact is on another page. */
  visit(news: { contact_id: number; inbox_id: number }): void
  /** Connected (again). Events that are not stored (typing, presence, visit, draft) were missed. */
  connected(): void
  /** Events are missing: everything has to be loaded again. */
  reset(): void
}

const hearers = new Set<Partial<Hearing>>()

/** Adds callbacks, which are called in the order of the events. Returns a function that removes them. */
export function hear(hearing: Partial<Hearing>): () => void {
  hearers.add(hearing)
  return () => hearers.delete(hearing)
}

let subscription: Subscription | undefined

/**
 * Opens the event stream of an account; `onRefused` is called if the server refuses it. If that was because the session has
 * ended, the stream goes on as soon as what it returns resolves.
 */
export function startHearing(
  accountPath: string,
  onRefused: (status: number) => void | Promise<void>,
): () => void {
  let isStopped = false
  // Shorter than the defaults: a person is waiting. The server sends something every 5 s.
  const options = { url: `${accountPath}/events`, longestPause: 10_000, silence: 12_000 }
  const callbacks: Callbacks = {
    onEvent: ({ name, data }) => batch(() => spread(name, data as never)),
    onReset: () => batch(() => tell('reset')),
    onConnection: (connected) =>
      batch(() => {
        isConnected.value = connected
        if (connected) tell('connected')
      }),
    async onRefused(status) {
      const after = subscription?.cursor
      await onRefused(status)
      if (status !== 401 || isStopped) return
      subscription = subscribe({ ...options, ...(after === undefined ? {} : { after }) }, callbacks)
    },
  }
  subscription = subscribe(options, callbacks)
  return () => {
    isStopped = true
    subscription?.close()
    subscription = undefined
    isConnected.value = undefined
  }
}

/** Reconnects at once after the page or the computer has slept. */
export function followWaking(): () => void {
  const wake = () => subscription?.wake()
  const ofWindow = ['online', 'focus', 'pageshow']
  const ofDocument = ['visibilitychange', 'resume']
  for (const name of ofWindow) addEventListener(name, wake)
  for (const name of ofDocument) document.addEventListener(name, wake)
  return () => {
    for (const name of ofWindow) removeEventListener(name, wake)
    for (const name of ofDocument) document.removeEventListener(name, wake)
  }
}

function tell<Name extends keyof Hearing>(name: Name, ...news: Parameters<Hearing[Name]>): void {
  for (const hearing of hearers) (hearing[name] as ((...all: typeof news) => void) | undefined)?.(...news)
}

// The fields of agents, inboxes, labels and teams that conversations and messages show.
const shown = new Set(['name', 'title', 'color', 'avatar_url', 'inboxes', 'role'])

// biome-ignore lint/suspicious/noExplicitAny: the name says which shape it is
function spread(name: string, data: any): void {
  switch (name) {
    case 'message_created':
    case 'message_updated':
    case 'message_deleted':
      return tell('message', {
        kind: name.slice('message_'.length) as MessageNews['kind'],
        message: messageOf(data),
        status: data.conversation.status,
      })
    case 'conversation_created':
    case 'conversation_updated':
    case 'conversation_status_changed':
      tell('conversation', data.conversation)
      if (data.changed.includes('messages')) tell('moved', data.conversation.id)
      return
    case 'conversation_deleted':
      return tell('conversationDeleted', data.conversation.id)
    case 'contact_updated':
    case 'contact_deleted':
      return tell('contact', data.id)
    case 'company_created':
    case 'company_updated':
    case 'company_deleted':
      return tell('company', data.id)
    case 'contact_note_created':
    case 'contact_note_updated':
    case 'contact_note_deleted':
      return tell('contactNote', data.contact_note.contact_id)
    case 'custom_attribute_definition_created':
    case 'custom_attribute_definition_updated':
    case 'custom_attribute_definition_deleted':
      return tell('definition')
    case 'agent_created':
    case 'inbox_created':
    case 'label_created':
    case 'team_created':
      return tell('setting', false)
    case 'agent_updated':
    case 'inbox_updated':
    case 'label_updated':
    case 'team_updated':
      return tell(
        'setting',
        data.changed.some((field: string) => shown.has(field)),
      )
    case 'agent_deleted':
    case 'inbox_deleted':
    case 'label_deleted':
    case 'team_deleted':
      return tell('setting', true)
    case 'agent_bot_created':
    case 'agent_bot_updated':
    case 'agent_bot_deleted':
      return tell('bot')
    case 'canned_response_created':
    case 'canned_response_updated':
    case 'canned_response_deleted':
      return tell('cannedResponse')
    case 'view_created':
    case 'view_updated':
    case 'view_deleted':
      return tell('view')
    case 'macro_created':
    case 'macro_updated':
    case 'macro_deleted':
      return tell('macro')
    case 'scheduled_message_created':
    case 'scheduled_message_updated':
    case 'scheduled_message_deleted':
      return tell('prepared', data.scheduled_message.conversation_id)
    case 'proposal_created':
    case 'proposal_updated':
    case 'proposal_deleted':
      return tell('prepared', data.proposal.conversation_id)
    case 'participants_changed':
      return tell('participants', data.id, data.participants)
    case 'notification':
      return tell('notification', data)
    case 'typing':
      return tell('typing', data)
    case 'viewing':
      return tell('viewing', data)
    case 'presence':
      return tell('presence', data)
    case 'visit':
      return tell('visit', data)
    case 'draft':
      return tell('draft', data)
  }
}

/** The message of an event, without what the event adds to it. */
// biome-ignore lint/suspicious/noExplicitAny: as above
function messageOf(data: any): Message {
  const { event, conversation, contact, account, changed, actor, cause, before, ...message } = data
  return message
}
