import { localized, plural } from '../language.ts'

/* The texts about canned responses, a part of strings.ts. */
export const cannedWords = localized('canned', {
  lead: 'Replies that you write once. In a conversation, write / to insert one.',
  none: 'No canned responses yet',
  noneFound: 'No canned response contains this text.',
  search: 'Search',
  more: 'Show more',
  make: 'Create canned response',
  makeTitle: 'New canned response',
  settings: 'Settings',
  shortCode: 'Short code',
  shortCodeHint: 'Without spaces and /. You find it by this or by a word of its text.',
  shortCodePlaceholder: 'refund',
  content: 'Text',
  contentHint:
    'Variables are filled in when you insert it: {{contact.first_name | there}}, {{contact.email}}, {{agent.name}}, {{inbox.name}}, {{account.name}}, {{conversation.id}}. The word after | is used if there is no value.',
  visibility: 'Who can use it',
  visibilities: { account: 'Everybody in the account', mine: 'Only you' },
  mine: 'Only you',
  files: (count: number) => plural(count, { one: '# file', other: '# files' }),
  addFiles: 'Add files',
  readOnly: (name: string) => `Only ${name || 'its author'} and administrators can change it.`,
  remove: 'Delete canned response',
  removeThis: 'Delete this canned response',
  removeLead: 'Messages that were sent with it stay as they are.',
  removeTitle: (code: string) => `Delete “/${code}”?`,
  removeText: 'It is deleted for everybody who can use it. This cannot be undone.',
})
