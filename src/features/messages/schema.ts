import { type Static, Type } from 'typebox'
import { anyObject, attributes, filledText, id, named, nullable, oneOf, seconds } from '../../lib/schema.ts'
import { Attachment, attachmentParts, mostFiles } from '../attachments/schema.ts'

export const contentTypes = ['text', 'input_select', 'input_email', 'cards', 'form', 'article'] as const

const Sender = Type.Object({
  id: id(),
  name: Type.String(),
  type: oneOf(['Contact', 'User', 'AgentBot']),
  avatar_url: nullable(Type.String()),
})

export const Message = named(
  'Message',
  Type.Object({
    id: id(),
    content: nullable(Type.String({ description: 'null if the message was deleted.' })),
    content_type: oneOf([...contentTypes]),
    content_attributes: anyObject(),
    message_type: oneOf(['incoming', 'outgoing', 'activity']),
    status: oneOf(['sent', 'delivered', 'read', 'failed']),
    private: Type.Boolean({ description: 'Whether it is a private note, which only agents see.' }),
    created_at: seconds(),
    updated_at: seconds(),
    conversation_id: id(),
    inbox_id: id(),
    echo_id: nullable(Type.String()),
    source_id: nullable(Type.String()),
    sender: nullable(Sender),
    attachments: Type.Array(Attachment, { maxItems: mostFiles }),
  }),
)
export type Message = Static<typeof Message>

/** The maximum number of characters of a message. */
export const maxContent = 150_000

export const NewMessage = Type.Object({
  content: filledText(maxContent),
  message_type: oneOf(['outgoing', 'incoming'], {
    description:
      '`outgoing`: from the user of the token. `incoming`: from the contact (only in API inboxes).',
  }),
  private: Type.Boolean({
    default: false,
    description: 'Whether it is a private note, which only agents see.',
  }),
  content_type: oneOf([...contentTypes], { default: 'text' }),
  content_attributes: attributes({
    default: {},
    description: 'The fields that the content type requires, and your own fields; at most 64 KiB of JSON.',
  }),
  echo_id: Type.Optional(
    nullable(Type.String({ maxLength: 255, description: 'Returned in the response and in events.' })),
  ),
  source_id: Type.Optional(
    nullable(
      Type.String({
        minLength: 1,
        maxLength: 255,
        // It can become part of a header of an e-mail.
        pattern: '^[^\\u0000-\\u001f\\u007f]*$',
        errorMessage: 'must not contain control characters',
        description:
          'The id of the message in the system that it comes from, returned in responses and in events. It need not be unique. An outgoing message with a `source_id` counts as sent: the channel does not send it again.',
      }),
    ),
  ),
  canned_response_ids: Type.Optional(
    Type.Array(id(), {
      maxItems: 10,
      uniqueItems: true,
      description:
        'The canned responses that `content` was written with: their files are sent, too, and the variables in `content` are filled in.',
    }),
  ),
  fill_in: Type.Optional(
    Type.Boolean({
      description:
        'With `canned_response_ids`: whether the variables in `content` are filled in, which is so by default. `false` if they have been already.',
    }),
  ),
  append_signature: Type.Optional(
    Type.Boolean({ description: 'Whether your signature in the inbox follows the content.' }),
  ),
  last_seen_message_id: Type.Optional(
    id(
      'The newest message that you have seen. If another user or a bot has replied to the contact since, nothing is sent, and the code of the error is `stale`.',
    ),
  ),
  draft_version: Type.Optional(
    id('The version of your draft that is sent with it: the draft is deleted, unless it is newer.'),
  ),
})
export type NewMessage = Static<typeof NewMessage>

/** A new message as a form with files. With files, `content` may be empty. */
export const NewMessageForm = Type.Object({
  ...NewMessage.properties,
  content: Type.String({
    maxLength: maxContent,
    default: '',
    description: 'May be empty if there are files.',
  }),
  ...attachmentParts,
})

/** A field of a message of the content type `form`. */
export const FormField = Type.Object({
  name: filledText(100),
  label: filledText(500),
  type: oneOf(['text', 'text_area', 'email', 'select', 'checkbox']),
  placeholder: Type.Optional(Type.String({ maxLength: 500 })),
  default: Type.Optional(Type.String({ maxLength: 2000 })),
  required: Type.Optional(Type.Boolean()),
  options: Type.Optional(
    Type.Array(Type.Object({ label: filledText(500), value: filledText(500) }), { maxItems: 100 }),
  ),
})
export type FormField = Static<typeof FormField>

export const MessageChange = Type.Object(
  {
    content: Type.Optional(
      filledText(maxContent, { description: 'Edits the message; only its author may.' }),
    ),
    status: Type.Optional(
      oneOf(['delivered', 'read', 'failed'], {
        description: 'From `sent` to `delivered` to `read`, or to `failed`; only in API inboxes.',
      }),
    ),
    external_error: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 1000,
        description: 'Why it failed; only with `status: "failed"`.',
      }),
    ),
  },
  { description: '`content`, `status` or both.', examples: [{ content: 'It arrives on Thursday.' }] },
)
export type MessageChange = Static<typeof MessageChange>

const time = (description: string) => Type.Optional(Type.Number({ description }))
const lastId = Number.MAX_SAFE_INTEGER
const cursor = (minimum: number, description: string) =>
  Type.Optional(Type.Integer({ minimum, maximum: lastId, description }))

export const MessageQuery = Type.Object({
  before: time('Only messages before this time (Unix seconds), exclusive. For an id, use `before_id`.'),
  after: time('Only messages after this time (Unix seconds), exclusive. For an id, use `after_id`.'),
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1000,
      description:
        'The maximum number of messages: the latest ones, or those next to the cursor. Fewer are returned if they are very long. Without it, all messages are returned.',
    }),
  ),
  before_id: cursor(1, 'Only messages older than this one; with `limit`, the nearest ones.'),
  after_id: cursor(0, 'Only messages newer than this one; with `limit`, the nearest ones.'),
  around_id: cursor(1, 'This message and those around it; requires `limit`.'),
  include_deleted: Type.Boolean({
    default: false,
    description: 'Whether to include deleted messages as tombstones.',
  }),
})
export type MessageQuery = Static<typeof MessageQuery>

export const MessagePage = named(
  'MessagePage',
  Type.Object({
    payload: Type.Array(Type.Unsafe<Message>({ $ref: 'Message#' }), { description: 'Oldest first.' }),
    meta: Type.Object({
      before_id: nullable(id('The cursor of the previous, older page; null if there is none.')),
      after_id: nullable(
        Type.Integer({
          minimum: 0,
          description: 'The cursor of the next, newer page; null if there is none.',
        }),
      ),
    }),
  }),
)
export type MessagePage = Static<typeof MessagePage>
