import { type Static, Type } from 'typebox'
import { filledText, id, named, nullable, oneOf } from '../../lib/schema.ts'

export const Inbox = named(
  'Inbox',
  Type.Object({
    id: id(),
    name: Type.String(),
    channel_type: oneOf(['api', 'web_widget']),
    inbox_identifier: Type.String({ description: 'Names the inbox to the customer side.' }),
    webhook_url: nullable(
      Type.String({ description: 'Gets the events of an API inbox’s conversations, but for private notes.' }),
    ),
    website_url: nullable(Type.String({ description: 'Where a web widget is shown.' })),
    greeting_message: nullable(Type.String()),
    hmac_mandatory: Type.Boolean({
      description: 'Whether a contact has to prove its `identifier` with an `identifier_hash`.',
    }),
    hmac_token: nullable(
      Type.String({
        description:
          'The key of that HMAC-SHA256. Only administrators see it, with a token of the scope `admin`.',
      }),
    ),
  }),
)
export type Inbox = Static<typeof Inbox>

const url = nullable(Type.String({ maxLength: 2048 }))
const channel = {
  webhook_url: Type.Optional(url),
  website_url: Type.Optional(url),
  hmac_mandatory: Type.Optional(Type.Boolean()),
}
const greeting_message = Type.Optional(nullable(Type.String({ maxLength: 10_000 })))

export const NewInbox = Type.Object({
  name: filledText(255),
  greeting_message,
  channel: Type.Object({ type: oneOf(['api', 'web_widget']), ...channel }),
})
export type NewInbox = Static<typeof NewInbox>

export const InboxChange = Type.Object(
  {
    name: Type.Optional(filledText(255)),
    greeting_message,
    channel: Type.Optional(Type.Object(channel)),
  },
  { description: 'What is left out stays as it is.' },
)
export type InboxChange = Static<typeof InboxChange>

/** Who works in an inbox or a team. */
export const Member = named(
  'Member',
  Type.Object({
    id: id('Of the user.'),
    name: Type.String(),
    email: Type.String(),
    role: oneOf(['administrator', 'agent']),
    avatar_url: nullable(Type.String()),
  }),
)
export type Member = Static<typeof Member>

/** Whom to add or remove. */
export const Users = Type.Object({
  user_ids: Type.Array(id(), { minItems: 1, maxItems: 1000 }),
})
