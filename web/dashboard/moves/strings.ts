import { localized, plural } from '../language.ts'

/** The texts about merging and splitting conversations. */
export const movesStrings = localized('moves', {
  title: 'Merge a conversation into this one',
  search: 'Find a conversation of this contact',
  choose: 'Conversations of this contact in this inbox',
  none: 'This contact has no other conversation in this inbox.',
  noMatch: 'No conversation matches.',
  more: 'Show more',
  preview: (id: number, into: number) => `Merge #${id} into #${into}`,
  explanation: (id: number, into: number) =>
    `The messages of #${id} are shown in #${into}, in the order of time. #${id} is resolved, and replies to it arrive in #${into}. You can undo this for 7 days.`,
  stays: 'This conversation',
  goes: 'Is merged into it',
  noMessages: 'No messages',
  merge: 'Merge',
  others: 'Choose another one',
  moves: 'Merged and split',
  mergedHere: (id: number, name: string) => `#${id} was merged into this conversation by ${name}`,
  splitTo: (id: number, name: string) => `${name} moved messages to #${id}`,
  splitFrom: (id: number, name: string) => `${name} split this from #${id}`,
  count: (count: number) => plural(count, { one: '# message', other: '# messages' }),
  undo: 'Undo the merge',
  undoSplit: 'Undo the split',
  undoneUntil: (when: string) => `Can be undone until ${when}`,
  server: 'The server',
})
