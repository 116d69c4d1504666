import { plural } from '../language.ts'

/** The texts of notifications of new messages. */
export const notificationStrings = {
  title: 'Notifications',
  unread: (count: number) => plural(count, { one: '# unread', other: '# unread' }),
  somebody: 'Somebody',
  mentioned: (name: string) => `${name} mentioned you`,
  assigned: (name: string) => `Assigned to you: ${name}`,
  muted: 'Muted',
  mutedUntil: (time: string) => `Notifications are muted until ${time}`,
  noteOf: (name: string) => `Private note from ${name}`,
  newMessages: (count: number) => plural(count, { one: 'New message', other: '# new messages' }),
  several: (count: number) =>
    plural(count, { one: 'New messages in # conversation', other: 'New messages in # conversations' }),
  testTitle: 'Test notification',
  testBody: 'This is how you are notified of new messages.',
}
