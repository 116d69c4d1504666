/* The words of an account without conversations, a part of strings.ts. */
export const firstWords = {
  title: 'Your first conversation',
  lead: 'There is no conversation yet. Three ways to get one:',
  noInbox: 'You are not a member of an inbox yet. An administrator adds you to one in the settings.',
  sample: 'See how it looks',
  sampleLead:
    'A sample customer writes to you. Answer them, write a note, resolve it: nobody real is waiting.',
  makeSample: 'Make a sample conversation',
  sampleName: 'Sam Sample',
  sampleMessage: 'Hello! I am a sample customer. My parcel has not arrived, can you see where it is?',
  inboxName: 'API',
  program: 'Bring messages in with a program',
  programLead: 'Run this in a terminal: it makes a contact and begins their conversation.',
  command: 'Commands',
  tokenPlace: 'YOUR-TOKEN',
  tokenName: 'First steps',
  makeToken: 'Make a token and put it in',
  tokenMade:
    'The token may read and write as you. It is in the commands and shown nowhere else; revoke it in:',
  toApiInbox: 'Make an API inbox',
  website: 'Let visitors chat on your website',
  websiteLead: 'A line in your pages shows the chat.',
  toWebsiteInbox: 'Make an inbox for a website',
}
