/* The texts of the page of notifications, a part of strings.ts. */
export const notificationWords = {
  lead: 'How you learn about new messages while this page is open in this browser.',
  about: 'What you are notified about',
  topics: 'Conversations',
  topicNames: {
    mine: 'Assigned to me',
    unassigned: 'Unassigned, in my inboxes',
    teams: 'Of my teams',
    others: 'All others that I can see',
  },
  topicsHint:
    'The number in the browser tab counts these conversations while they have unread messages. Choose none to turn notifications off.',
  notes: 'Also private notes of colleagues in these conversations',
  sound: 'Play a sound',
  soundHint: 'Browsers allow this after your first click or key press on this page.',
  desktop: 'Show desktop notifications',
  text: 'Show the text of the message in desktop notifications',
  textHint: 'Turn this off if others can see your screen.',
  permission: 'Permission and test',
  permissions: {
    granted: 'This browser allows desktop notifications.',
    default: 'Your browser asks for your permission first.',
    denied:
      'Your browser blocks notifications of this page. Allow them in its settings for this website, then reload the page.',
    unsupported: 'This browser cannot show desktop notifications here. They need https.',
  },
  ask: 'Allow desktop notifications',
  test: 'Send a test notification',
  testSound: 'Play the sound',
  mute: 'Mute',
  muteLead: 'Turns off sound and desktop notifications. They are also off while your availability is Busy.',
  muteForAnHour: 'Mute for an hour',
  unmute: 'Unmute',
}
