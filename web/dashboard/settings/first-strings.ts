/* The texts of an account without conversations, a part of strings.ts. */
export const firstWords = {
  title: 'Your first conversation',
  lead: 'You have no conversations yet. Here are three ways to start one:',
  sample: 'Try a sample conversation',
  sampleLead: 'A sample customer writes to you. Reply, add a note, resolve it: no real person is waiting.',
  makeSample: 'Create sample conversation',
  sampleName: 'Sam Sample',
  sampleMessage: 'Hello! I am a sample customer. My parcel has not arrived, can you see where it is?',
  inboxName: 'API',
  program: 'Connect a program',
  programLead: 'Run this in a terminal. It creates a contact and starts a conversation with them.',
  command: 'Commands',
  tokenPlace: 'YOUR-TOKEN',
  tokenName: 'First steps',
  makeToken: 'Create a token and insert it',
  tokenMade:
    'The token can read and write as you. It is in the commands and shown nowhere else. To revoke it, go to',
  toApiInbox: 'Create an API inbox',
  website: 'Add a chat to your website',
  websiteLead: 'Add one line to your pages to show the chat.',
  toWebsiteInbox: 'Create a website inbox',
}
