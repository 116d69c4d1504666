import { type Static, Type } from 'typebox'
import { filledText, id, listQuery, named, nullable, oneOf, seconds } from '../../lib/schema.ts'

const url = Type.String({
  maxLength: 2048,
  pattern: '^https?://',
  errorMessage: 'must be an http:// or https:// URL',
  description: 'Must lead to a public address.',
})
const name = filledText(255)
const subscriptions = (events: string[]) =>
  Type.Array(oneOf(events), { minItems: 1, maxItems: 100, description: 'Names of events.' })

/** How events are written. */
export const formatNames = ['ndoto', 'chatwoot'] as const
export type WebhookFormatName = (typeof formatNames)[number]
const formatDescription = 'How events are written and signed: as docs/webhooks.md says, or as Chatwoot does.'
/** The format in a body that creates a webhook or a bot. */
export const newFormat = oneOf([...formatNames], { default: 'ndoto', description: formatDescription })
/** The format in other bodies and in responses. */
export const format = oneOf([...formatNames], { description: formatDescription })

const secret = Type.String({ description: 'For verifying signatures. Shown only in this response.' })

export const Webhook = named(
  'Webhook',
  Type.Object({
    id: id(),
    url: Type.String(),
    name: nullable(Type.String()),
    subscriptions: Type.Array(Type.String()),
    format,
    active: Type.Boolean(),
    disabled_reason: nullable(Type.String({ description: 'Why the server has switched it off.' })),
    inbox_id: nullable(id('The API inbox whose `webhook_url` this is.')),
    created_at: seconds(),
  }),
)
export type Webhook = Static<typeof Webhook>

export const WebhookWithSecret = named('WebhookWithSecret', Type.Object({ ...Webhook.properties, secret }))
export type WebhookWithSecret = Static<typeof WebhookWithSecret>

/** The body that creates a webhook. `events` are the names of the events that it may subscribe to. */
export const newWebhook = (events: string[]) =>
  Type.Object({
    url,
    name: Type.Optional(nullable(name)),
    subscriptions: subscriptions(events),
    format: newFormat,
  })
export type NewWebhook = Static<ReturnType<typeof newWebhook>>

/** The body that changes a webhook. `events` are the names of the events that it may subscribe to. */
export const webhookChange = (events: string[]) =>
  Type.Object({
    url: Type.Optional(url),
    name: Type.Optional(nullable(name)),
    subscriptions: Type.Optional(subscriptions(events)),
    format: Type.Optional(format),
    active: Type.Optional(
      Type.Boolean({
        description: '`true` switches it on again: pending deliveries continue, missed events are not sent.',
      }),
    ),
  })
export type WebhookChange = Static<ReturnType<typeof webhookChange>>

export const deliveryStates = ['pending', 'running', 'succeeded', 'failed'] as const

const Attempt = Type.Object({
  number: id(),
  at: seconds(),
  duration_ms: Type.Integer(),
  code: nullable(Type.Integer({ description: 'The status of the response.' })),
  error: nullable(
    Type.String({ description: 'Why it failed, in one word; docs/webhooks.md lists the words.' }),
  ),
  answer: Type.String({ description: 'The first kilobyte of the response.' }),
})

export const Delivery = named(
  'WebhookDelivery',
  Type.Object({
    id: id(),
    webhook_id: id(),
    event: Type.String(),
    conversation_id: nullable(id()),
    state: oneOf([...deliveryStates]),
    attempts: Type.Array(Attempt, { description: 'Oldest first.' }),
    next_attempt_at: nullable(
      seconds(
        'Unix seconds; null if it is running, finished, or waits for an earlier one of its conversation.',
      ),
    ),
    created_at: seconds(),
  }),
)
export type Delivery = Static<typeof Delivery>

export const DeliveryQuery = listQuery({
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 25 }),
  before_id: Type.Optional(id('Only deliveries older than this one.')),
  state: Type.Optional(oneOf([...deliveryStates])),
})
export type DeliveryQuery = Static<typeof DeliveryQuery>
