import { Type } from 'typebox'
import { signalType } from '../../events/catalogue.ts'
import type { Running } from '../../lib/loop.ts'
import { id, nullable, oneOf } from '../../lib/schema.ts'
import { Slot } from '../../lib/slot.ts'
import type { Contact } from '../contacts/schema.ts'
import type { NewVisit, Visit } from '../visits/schema.ts'
import type { EventHeader } from './visibility.ts'

interface Person {
  id: number
  name: string
}

/** The user, bot or contact that is typing. */
export type Typist = Record<'user', Person> | Record<'bot', Person> | Record<'contact', Person>

/** Somebody began or stopped typing. */
export interface TypingSignal extends Signal {
  name: 'typing'
  conversation_id: number
  contact_id: number
  typist: Typist
  is_private: boolean
  typing_status: 'on' | 'off'
}

/** A visitor opened the chat. */
export interface WidgetSignal extends Signal {
  name: 'widget_opened'
  conversation_id: null
  /** null until the visitor has written or was identified. */
  contact_id: number | null
  page: Record<keyof NewVisit, string | null>
  browser: Pick<Visit, 'language' | 'user_agent'>
  /** Milliseconds since 1970. */
  at: number
}

interface Signal extends EventHeader {
  account_id: number
  inbox_id: number
}

/** What happens in an inbox, is not stored, and is sent to webhooks at most once. */
export type WebhookSignal = TypingSignal | WidgetSignal

/** Sends signals to webhooks, in the background. */
export const webhookSignals = new Slot<Running & { send(signal: WebhookSignal): void }>(
  'signals for webhooks',
)

const account = Type.Object({ id: id(), name: Type.String() })
const person = Type.Optional(Type.Object({ id: id(), name: Type.String() }))
const text = nullable(Type.String())

/** The signals that webhooks can subscribe to. */
export const signalTypes = [
  signalType('typing', 'Somebody began or stopped typing. Sent at most once.', {
    conversation_id: id(),
    inbox_id: id(),
    user: person,
    bot: person,
    contact: person,
    is_private: Type.Boolean({ description: 'Whether it is a private note.' }),
    typing_status: oneOf(['on', 'off']),
    account,
  }),
  signalType('widget_opened', 'A visitor opened the chat on a website. Sent at most once.', {
    inbox_id: id(),
    contact: Type.Unsafe<Contact | null>({
      anyOf: [{ $ref: 'Contact#' }, { type: 'null' }],
      description: 'null until the visitor has written or was identified.',
    }),
    page_url: text,
    page_title: text,
    referrer_url: text,
    language: text,
    account,
  }),
]
