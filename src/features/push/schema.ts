import { type Static, Type } from 'typebox'
import { id, named, oneOf, seconds } from '../../lib/schema.ts'
import type { NotificationType } from '../notifications/schema.ts'

/** The number of browsers in which a user can be notified. A further one takes the place of the oldest. */
export const maxSubscriptions = 20

const subscription_type = oneOf(['browser_push'])
const shows_text =
  'Whether the messages contain names and texts. The device may show them on its locked screen.'

/** A browser in which a user is notified, as it is shown to them. */
export const NotificationSubscription = named(
  'NotificationSubscription',
  Type.Object({
    id: id(),
    subscription_type,
    current: Type.Boolean({ description: 'Whether it is the browser that makes this request.' }),
    session_id: id('The session of the browser, among those of `GET /api/v1/profile/sessions`.'),
    endpoint_host: Type.String({ description: 'The push service of the browser.' }),
    shows_text: Type.Boolean({ description: shows_text }),
    created_at: seconds(),
  }),
)
export type NotificationSubscription = Static<typeof NotificationSubscription>

const base64url = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: '^[\\w-]+=*$' })

export const NewNotificationSubscription = Type.Object(
  {
    subscription_type: Type.Optional(subscription_type),
    subscription_attributes: Type.Object(
      {
        endpoint: Type.String({ minLength: 1, maxLength: 2000 }),
        p256dh: base64url(100),
        auth: base64url(40),
      },
      { description: 'What `PushManager.subscribe()` returns, with the server key of the list.' },
    ),
    shows_text: Type.Optional(Type.Boolean({ description: `${shows_text} By default false.` })),
  },
  {
    examples: [
      {
        subscription_attributes: {
          endpoint: 'https://push.example.com/send/abc',
          // The keys of the example in RFC 8291.
          p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
          auth: 'BTBZMqHH6r4Tts7J_aSIgg',
        },
      },
    ],
  },
)
export type NewNotificationSubscription = Static<typeof NewNotificationSubscription>

/** What the service worker of a browser gets (web/service-worker/push.ts). */
export interface PushMessage {
  /** Takes the place of what is shown with the same tag. */
  tag: string
  /** The words are chosen by the browser. */
  kind: 'test' | NotificationType
  /** The language that the user has chosen; without one, that of the browser. */
  language?: string
  account_id: number
  /** Where a click leads. */
  path: string
  conversation_id?: number
  /** How often it has happened. */
  count?: number
  /** True if the user has seen it elsewhere: it is closed. */
  withdrawn?: boolean
  /** Who has written, and what. Only if the user allows texts. */
  name?: string
  text?: string
}
