import { type Static, type TObject, Type } from 'typebox'
import { anyObject, filledText, id, named, nullable, oneOf } from '../../lib/schema.ts'

/** The fields of a pre-chat form that become the name, e-mail address and phone number of the contact. */
export const contactFields = ['name', 'email', 'phone_number'] as const

const PreChatField = Type.Object({
  name: Type.String({
    maxLength: 50,
    pattern: '^[a-z][a-z0-9_]*$',
    errorMessage: 'must be lower case letters (a-z), digits and _',
    description:
      '`name`, `email` and `phone_number` are those of the contact. Any other name is that of a custom attribute.',
  }),
  label: filledText(100),
  type: oneOf(['text', 'email', 'tel', 'select', 'checkbox'], {
    description: 'How it is asked for. A `select` needs `values`.',
  }),
  required: Type.Boolean(),
  placeholder: Type.Optional(nullable(Type.String({ maxLength: 100 }))),
  values: Type.Optional(Type.Array(filledText(100), { maxItems: 30 })),
})
export type PreChatField = Static<typeof PreChatField>

const PreChatForm = Type.Object(
  {
    pre_chat_message: nullable(Type.String({ maxLength: 500, description: 'Shown above the fields.' })),
    pre_chat_fields: Type.Array(PreChatField, { maxItems: 10 }),
  },
  { description: 'What is asked for. A change replaces all of it.' },
)
export type PreChatForm = Static<typeof PreChatForm>

export const WidgetSettings = Type.Object({
  color: Type.String({
    maxLength: 32,
    pattern: '^#[0-9a-fA-F]{6}$',
    errorMessage: 'must be a colour such as #2b5fd9',
    description: 'The colour of the button and of the visitor’s messages.',
  }),
  position: oneOf(['right', 'left'], { description: 'The lower corner of the page in which the button is.' }),
  title: nullable(Type.String({ maxLength: 255, description: 'Shown instead of the name of the inbox.' })),
  allowed_origins: Type.Array(
    Type.String({
      maxLength: 255,
      pattern: '^(?:file:|https?://(?:\\*\\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\\d{1,5})?)$',
      errorMessage: 'must be an origin such as https://shop.example.com or https://*.example.com, or file:',
    }),
    {
      maxItems: 50,
      description:
        'The origins whose pages may show the widget, in addition to that of `website_url`. `file:` allows pages opened as files to show the widget, but their own scripts may not call the API.',
    },
  ),
  show_agents: Type.Boolean({
    description:
      'Whether visitors see the names and pictures of the members of the inbox before one of them has answered.',
  }),
  record_visits: Type.Boolean({
    description:
      'Whether agents see the page, referrer, language and browser of a visitor. Setting it to false deletes what is stored.',
  }),
  ask_email: Type.Boolean({
    description: 'Whether the widget asks visitors for their e-mail address after their first message.',
  }),
  pre_chat_form_enabled: Type.Boolean({
    description: 'Whether the widget asks for something before the first message.',
  }),
  pre_chat_form_options: PreChatForm,
})
export type WidgetSettings = Static<typeof WidgetSettings>

export const ChannelType = Type.String({
  description:
    'The type of its channel, such as `api` or `web_widget`. Servers can have other channels, too.',
})

export const Inbox = named(
  'Inbox',
  Type.Object({
    id: id(),
    name: Type.String(),
    channel_type: ChannelType,
    channel_settings: nullable(
      anyObject({
        description:
          'The settings of its channel, with null for each secret. Shown only to administrators whose token has the scope `admin`; null in events, and for channels whose settings are the next fields.',
      }),
    ),
    inbox_identifier: Type.String({
      description: 'Identifies the inbox in the client API and in the widget.',
    }),
    webhook_url: nullable(
      Type.String({
        description:
          'Receives the events of the conversations of an API inbox, without private notes. Shown only to administrators whose token has the scope `admin`; null in events.',
      }),
    ),
    website_url: nullable(Type.String({ description: 'The website that shows the widget.' })),
    greeting_message: nullable(Type.String()),
    widget: Type.Unsafe<WidgetSettings | null>({
      ...WidgetSettings,
      type: ['object', 'null'],
      description: 'The appearance of the widget and the websites that show it; null for other channels.',
    }),
    embed_script: nullable(
      Type.String({
        description: 'The HTML that adds the widget to a page; null for other channels, and in events.',
      }),
    ),
    hmac_mandatory: Type.Boolean({
      description: 'Whether an `identifier` needs a proof: an `identity_token` or an `identifier_hash`.',
    }),
    hmac_token: nullable(
      Type.String({
        description:
          'The HMAC-SHA256 key of these proofs. Shown only to administrators whose token has the scope `admin`.',
      }),
    ),
  }),
)
export type Inbox = Static<typeof Inbox>

/** The fields of `channel` in a body. Which settings there are, depends on the channel. */
export interface ChannelInput {
  hmac_mandatory?: boolean
  [setting: string]: unknown
}

const own = { name: filledText(255), greeting_message: nullable(Type.String({ maxLength: 10_000 })) }

export interface NewInbox {
  name: string
  greeting_message?: string | null
  channel: ChannelInput & { type: string }
}

const hmac_mandatory = Type.Optional(
  Type.Boolean({ description: 'Only for channels that are open to the client API.' }),
)

/** The type of a channel, and the schema of its settings. */
interface ChannelShape {
  type: string
  settings: TObject
}

/** The body that creates an inbox of one of these channels. */
export function newInboxSchema(channels: readonly ChannelShape[]) {
  const type = oneOf(channels.map((one) => one.type))
  return Type.Object({
    name: own.name,
    greeting_message: Type.Optional(own.greeting_message),
    channel: Type.Unsafe<NewInbox['channel']>({
      type: 'object',
      required: ['type'],
      properties: { type, hmac_mandatory },
      discriminator: { propertyName: 'type' },
      oneOf: channels.map(({ type, settings: { properties, required = [] } }) => ({
        title: type,
        required: ['type', ...required],
        properties: { type: { const: type }, ...properties },
      })),
    }),
  })
}

export interface InboxChange {
  name?: string
  greeting_message?: string | null
  channel?: ChannelInput
}

/** The body that changes an inbox. */
export function inboxChangeSchema(channels: readonly ChannelShape[]) {
  const shapes = channels.map(({ type, settings: { properties } }) => ({ title: type, properties }))
  return Type.Object(
    {
      name: Type.Optional(own.name),
      greeting_message: Type.Optional(own.greeting_message),
      channel: Type.Optional(
        Type.Unsafe<ChannelInput>({
          type: 'object',
          properties: { hmac_mandatory },
          // The last one accepts everything, because the channel is known only when the inbox has been read.
          anyOf: [...shapes, { title: 'another channel' }],
        }),
      ),
    },
    { description: 'Fields that are left out do not change.' },
  )
}

/** A member of an inbox or a team. */
export const Member = named(
  'Member',
  Type.Object({
    id: id('The id of the user.'),
    name: Type.String(),
    email: Type.String(),
    role: oneOf(['administrator', 'agent']),
    avatar_url: nullable(Type.String()),
  }),
)
export type Member = Static<typeof Member>

/** The users to add or remove. */
export const Users = Type.Object({
  user_ids: Type.Array(id(), { minItems: 1, maxItems: 1000 }),
})

/** All users that there will be. */
export const AllUsers = Type.Object({ user_ids: Type.Array(id(), { maxItems: 1000 }) })
