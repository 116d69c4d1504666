import { localized } from '../language.ts'

/** The texts about the formats of the composer. */
export const formatStrings = localized('format', {
  label: 'Format',
  names: {
    bold: 'Bold',
    italic: 'Italic',
    code: 'Code',
    link: 'Link',
    list: 'Bulleted list',
    numbers: 'Numbered list',
    quote: 'Quote',
  },
  emoji: 'Emoji',
})
