import { type Static, type TObject, type TProperties, Type } from 'typebox'
import { actorTypes, causeTypes } from '../lib/actor.ts'
import { anyObject, id, named, nullable, oneOf, ref } from '../lib/schema.ts'

/** A kind of event: its name, when it happens, and its schema. */
export interface EventType<Name extends string = string, Properties extends TProperties = TProperties> {
  name: Name
  description: string
  schema: TObject<Properties> & { $id: string }
  /** The body of webhooks, which differs in a few fields; see `features/webhooks/payload.ts`. */
  webhook: TObject & { $id: string }
}

/** A kind of signal that webhooks can subscribe to: it is sent at most once, and not stored. */
export type SignalType = Pick<EventType, 'name' | 'description' | 'webhook'>

export const EventActor = named(
  'EventActor',
  Type.Object(
    { type: oneOf([...actorTypes]), id: nullable(id('null for the system.')) },
    { description: 'Who did it. A program acts as the user of its token, or as the contact it writes for.' },
  ),
)

export const EventCause = named(
  'EventCause',
  Type.Object(
    {
      type: oneOf([...causeTypes]),
      id: id('The position of the event, or the id of the rule.'),
      depth: id(),
    },
    { description: 'What led to an event. `depth` is the number of causes in a row.' },
  ),
)

/** The fields of every event, in addition to those of its data. */
const origin = {
  actor: ref(EventActor),
  cause: Type.Unsafe<Static<typeof EventCause> | null>({
    anyOf: [{ $ref: 'EventCause#' }, { type: 'null' }],
    description: 'null if nothing led to it.',
  }),
  before: anyObject({
    description: 'The previous values of the fields in `changed` that the event shows, by their names.',
  }),
}

/** Declares a kind of event. `properties` are the fields of its data in addition to `event`, its name. */
export function eventType<const Name extends string, Properties extends TProperties>(
  name: Name,
  description: string,
  properties: Properties,
): EventType<Name, Properties & typeof origin & { event: ReturnType<typeof Type.Literal<Name>> }> {
  const title = titleOf(name)
  const schema = Type.Object({ event: Type.Literal(name), ...properties, ...origin }, { description })
  const webhook = Type.Object(webhookProperties({ event: Type.Literal(name), ...properties }), {
    description,
  })
  return {
    name,
    description,
    schema: named(`${title}Event`, schema) as never,
    webhook: named(`${title}Webhook`, webhook),
  }
}

/** Declares a kind of signal for webhooks. `properties` are the fields of its body in addition to `event`, its name. */
export function signalType(name: string, description: string, properties: TProperties): SignalType {
  const webhook = Type.Object({ event: Type.Literal(name), ...properties }, { description })
  return { name, description, webhook: named(`${titleOf(name)}Webhook`, webhook) }
}

function titleOf(name: string): string {
  return name.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase())
}

/** The fields of the body of a webhook; see `features/webhooks/payload.ts`. */
function webhookProperties({ id: _, ...properties }: TProperties): TProperties {
  const optional = Object.fromEntries(
    Object.entries(origin).map(([name, schema]) => [name, Type.Optional(schema)]),
  )
  const text = Type.String({ description: 'The id of what the event is about.' })
  // Only messages are not an object of their own in their events.
  if (!properties.created_at) return { ...properties, id: text, ...optional }
  const { conversation_id, inbox_id, changed, ...message } = properties
  const time = Type.String({ description: 'ISO 8601.' })
  const times = { created_at: time, updated_at: time }
  return { ...message, ...times, id: text, changed: Type.Optional(changed!), ...optional }
}
