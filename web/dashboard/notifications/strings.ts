/** The texts of notifications of new messages. */
export const notificationStrings = {
  title: 'Notifications',
  muted: 'Muted',
  mutedUntil: (time: string) => `Notifications are muted until ${time}`,
  noteOf: (name: string) => `Private note from ${name}`,
  newMessages: (count: number) => (count === 1 ? 'New message' : `${count} new messages`),
  several: (count: number) => `New messages in ${count} conversations`,
  testTitle: 'Test notification',
  testBody: 'This is how you are notified of new messages.',
}
