import { type Static, Type } from 'typebox'
import { filledText, id, named, nullable, oneOf } from '../../lib/schema.ts'

export const WidgetSettings = Type.Object({
  color: Type.String({
    maxLength: 32,
    pattern: '^#[0-9a-fA-F]{6}$',
    errorMessage: 'must be a colour such as #2b5fd9',
    description: 'Of the button and of what the visitor says.',
  }),
  position: oneOf(['right', 'left'], { description: 'The lower corner of the page.' }),
  title: nullable(Type.String({ maxLength: 255, description: 'Instead of the name of the inbox.' })),
  allowed_origins: Type.Array(
    Type.String({
      maxLength: 255,
      pattern: '^(?:file:|https?://(?:\\*\\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\\d{1,5})?)$',
      errorMessage: 'must be an origin such as https://shop.example.com or https://*.example.com, or file:',
    }),
    {
      maxItems: 50,
      description:
        'Whose pages may show it, beside those of `website_url`. `file:` lets pages that are opened as files show the widget; scripts of their own may not call.',
    },
  ),
  show_agents: Type.Boolean({
    description:
      'Whether visitors see who works in the inbox, by name and picture, before anybody has answered.',
  }),
})
export type WidgetSettings = Static<typeof WidgetSettings>

const WidgetChange = Type.Partial(WidgetSettings, { description: 'What is left out stays as it is.' })
export type WidgetChange = Static<typeof WidgetChange>

export const Inbox = named(
  'Inbox',
  Type.Object({
    id: id(),
    name: Type.String(),
    channel_type: oneOf(['api', 'web_widget']),
    inbox_identifier: Type.String({ description: 'Names the inbox to the customer side.' }),
    webhook_url: nullable(
      Type.String({
        description:
          'Gets the events of an API inbox’s conversations, but for private notes. Only administrators see it, with a token of the scope `admin`; null in events.',
      }),
    ),
    website_url: nullable(Type.String({ description: 'Where a web widget is shown.' })),
    greeting_message: nullable(Type.String()),
    widget: Type.Unsafe<WidgetSettings | null>({
      ...WidgetSettings,
      type: ['object', 'null'],
      description: 'How a website shows it; null for other channels.',
    }),
    embed_script: nullable(
      Type.String({
        description: 'The line for the pages of the website; null for other channels, and in events.',
      }),
    ),
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
  widget: Type.Optional(WidgetChange),
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
