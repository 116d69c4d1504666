import { localized, plural } from '../language.ts'

/** The texts of the list of notifications. */
export const listStrings = localized('notificationList', {
  title: 'Notifications',
  readAll: 'Mark all as read',
  settings: 'Settings',
  none: 'Nothing new. Assignments, mentions, and messages in conversations that you follow appear here.',
  more: 'Show older ones',
  unread: 'Unread',
  visitor: 'Visitor',
  somebody: 'Somebody',
  created: (count: number) =>
    plural(count, {
      one: '# new conversation without an assignee',
      other: '# new conversations without one',
    }),
  assigned: (who: string) => `${who} assigned it to you`,
  messages: (count: number) => plural(count, { one: '# new message', other: '# new messages' }),
  followed: (count: number) =>
    plural(count, {
      one: '# new message in a conversation that you follow',
      other: '# new messages in a conversation that you follow',
    }),
  mentioned: (who: string) => `${who} mentioned you`,
})
