import { localized, number, plural } from '../language.ts'

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
  imported: {
    done: 'The import is done',
    stopped: 'The import was stopped',
    failed: 'The import has failed',
  },
  checked: { done: 'The check is done', stopped: 'The check was stopped', failed: 'The check has failed' },
  importCounts: (stored: number, known: number, refused: number) =>
    `${number(stored)} new, ${number(known)} known already, ${number(refused)} refused`,
  mentioned: (who: string) => `${who} mentioned you`,
})
