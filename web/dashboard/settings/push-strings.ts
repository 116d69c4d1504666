/* The texts about push messages on the page of notifications, a part of strings.ts. */
export const pushWords = {
  title: 'When the dashboard is closed',
  lead: 'Push messages reach this browser while no page of the dashboard is open, and take the place of desktop notifications while it is in the background.',
  states: {
    on: 'This browser shows push messages.',
    off: 'This browser shows no push messages.',
  },
  turnOn: 'Turn on push messages',
  turnOff: 'Turn off push messages',
  text: 'Show names and texts in push messages',
  textHint: 'Your device may show them on its locked screen.',
  test: 'Send a test message',
  tested: 'The test message is on its way.',
  unsupported:
    'This browser cannot show push messages here. They need https. On an iPhone or iPad, add the dashboard to the home screen first.',
  denied: 'Your browser blocks notifications of this page. Allow them in its settings for this website.',
  unreachable: 'The browser could not reach its push service. Try again later.',
}
