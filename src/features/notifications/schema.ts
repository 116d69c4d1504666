import { type Static, Type } from 'typebox'
import { filledText, id, listQuery, named, nullable, oneOf, seconds } from '../../lib/schema.ts'
import { statuses } from '../conversations/schema.ts'

export const notificationTypes = [
  'conversation_creation',
  'conversation_assignment',
  'assigned_conversation_new_message',
  'conversation_mention',
  'participating_conversation_new_message',
  'import_finished',
] as const
export type NotificationType = (typeof notificationTypes)[number]

/** The types of notifications about conversations. */
export const conversationTypes = notificationTypes.filter((type) => type !== 'import_finished')

export const channelNames = ['app', 'email', 'push'] as const
export type ChannelName = (typeof channelNames)[number]

/** What an import of contacts had done when it ended. */
const importResult = {
  file_name: Type.String(),
  dry_run: Type.Boolean({ description: 'Whether it has only checked the contacts.' }),
  status: oneOf(['done', 'stopped', 'failed']),
  stored_count: Type.Integer(),
  known_count: Type.Integer(),
  refused_count: Type.Integer(),
}
const ImportResult = Type.Object(importResult)
export type ImportResult = Static<typeof ImportResult>

const subjectTypes = ['Conversation', 'ContactImport'] as const

export const Notification = named(
  'Notification',
  Type.Object({
    id: id(),
    notification_type: oneOf([...notificationTypes], {
      description:
        '`conversation_creation`: nobody is assigned to a new conversation. `import_finished`: an import of contacts that you have begun has ended. The others are about a conversation that was assigned to you, a message in one that is assigned to you or that you follow, and a note that mentions you or your team.',
    }),
    primary_actor_type: oneOf([...subjectTypes]),
    primary_actor_id: id('The conversation or the import.'),
    primary_actor: nullable(
      Type.Object(
        {
          id: id(),
          inbox_id: id(),
          status: oneOf([...statuses]),
          contact: Type.Object({ id: id(), name: Type.String(), thumbnail: nullable(Type.String()) }),
        },
        { description: 'The conversation; null if it is about an import.' },
      ),
    ),
    contact_import: nullable(
      Type.Object(
        { id: id(), ...importResult },
        { description: 'The import as it ended; null if it is about a conversation.' },
      ),
    ),
    secondary_actor: nullable(
      Type.Object(
        { id: id(), name: Type.String(), type: oneOf(['User', 'Contact']) },
        { description: 'Who acted last; null for bots and the system.' },
      ),
    ),
    message_id: nullable(id('The last message that it is about.')),
    content: nullable(Type.String({ description: 'The beginning of this message, without Markdown.' })),
    count: Type.Integer({ description: 'How often this has happened since you last read it.' }),
    read_at: nullable(seconds()),
    created_at: seconds(),
    last_activity_at: seconds(),
  }),
)
export type Notification = Static<typeof Notification>

export const NotificationQuery = listQuery({
  unread: Type.Boolean({ default: false, description: 'Only those that you have not read.' }),
  cursor: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      description: '`meta.next` of the page before.',
    }),
  ),
})
export type NotificationQuery = Static<typeof NotificationQuery>

export const NotificationChange = Type.Object({ read: Type.Boolean() }, { examples: [{ read: true }] })

/** Which notifications to mark as read. */
export const ReadNotifications = Type.Object({
  primary_actor_type: Type.Optional(
    oneOf([...subjectTypes], { description: 'Only those about conversations, or about imports.' }),
  ),
  primary_actor_id: Type.Optional(id('Only those about this conversation or import.')),
})
export type ReadNotifications = Static<typeof ReadNotifications>

export const RemovedNotifications = Type.Object({
  type: oneOf(['all', 'read'], { description: '`read`: only those that you have read.' }),
})
export type RemovedNotifications = Static<typeof RemovedNotifications>

export const UnreadCount = Type.Object({ unread_count: Type.Integer() })

const on = (description: string) => Type.Boolean({ description })
const Channels = Type.Object({
  app: on('In the list of notifications.'),
  email: on('In a mail, if you have not seen it some minutes later.'),
  push: on('On your devices.'),
})
export type Channels = Static<typeof Channels>

const time = () =>
  Type.String({
    maxLength: 5,
    pattern: '^(?:[01]\\d|2[0-3]):[0-5]\\d$',
    errorMessage: 'must be a time such as 22:00',
  })
export const QuietHours = Type.Object(
  { from: time(), to: time(), time_zone: filledText(64, { description: 'Such as `Europe/Berlin`.' }) },
  {
    description:
      'Every day between these times, no mails and pushes are sent. What is unread comes after them.',
  },
)
export type QuietHours = Static<typeof QuietHours>

function perType<T>(value: (type: NotificationType) => T): Record<NotificationType, T> {
  return Object.fromEntries(notificationTypes.map((type) => [type, value(type)])) as Record<
    NotificationType,
    T
  >
}

export type Kinds = Record<NotificationType, Channels>

export const NotificationSettings = named(
  'NotificationSettings',
  Type.Object({
    kinds: Type.Object(perType(() => Channels)),
    quiet_hours: nullable(QuietHours),
    available_channels: Type.Array(oneOf([...channelNames]), {
      maxItems: channelNames.length,
      description: 'What the server can send. E-mail needs a mail server.',
    }),
  }),
)
export type NotificationSettings = Static<typeof NotificationSettings>

export const NotificationSettingsChange = Type.Object(
  {
    kinds: Type.Optional(Type.Object(perType(() => Type.Optional(Type.Partial(Channels))))),
    quiet_hours: Type.Optional(nullable(QuietHours)),
  },
  { examples: [{ kinds: { conversation_mention: { email: false } } }] },
)
export type NotificationSettingsChange = Static<typeof NotificationSettingsChange>

const everywhere: Channels = { app: true, email: true, push: true }
const nowhere: Channels = { app: false, email: false, push: false }

/** What a user gets who has changed nothing: what is meant for them, everywhere; what they follow, in the list. */
export const defaultKinds: Kinds = {
  conversation_creation: nowhere,
  conversation_assignment: everywhere,
  assigned_conversation_new_message: everywhere,
  conversation_mention: everywhere,
  participating_conversation_new_message: { app: true, email: false, push: false },
  // Nobody waits for it on the way.
  import_finished: { app: true, email: true, push: false },
}
