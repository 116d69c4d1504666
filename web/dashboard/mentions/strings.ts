import { localized, plural } from '../language.ts'

/** The texts of the list of people who can be mentioned. */
export const mentionStrings = localized('mentions', {
  title: 'Mention',
  team: 'Team',
  count: (count: number) => plural(count, { one: '# name', other: '# names' }),
  none: (query: string) => `Nobody named “${query}” sees this conversation. Esc closes this list.`,
})
