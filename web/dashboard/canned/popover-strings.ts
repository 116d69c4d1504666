import { localized, plural } from '../language.ts'

/** The texts of the list of canned responses in the composer. */
export const popoverStrings = localized('cannedPopover', {
  title: 'Canned responses',
  loading: 'Searching…',
  none: 'No canned responses yet.',
  make: 'Create one',
  noneFound: (query: string) => `No canned response with “${query}”. Esc closes this list.`,
  count: (count: number) => plural(count, { one: '# canned response', other: '# canned responses' }),
  more: 'Type more letters to find others.',
  files: (count: number) => plural(count, { one: '# file', other: '# files' }),
  mine: 'only you',
})
