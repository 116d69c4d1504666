import { localized } from '../language.ts'

/** The texts about signatures. */
export const signatureWords = localized('signatures', {
  title: 'Signature',
  lead: 'It follows your replies in an inbox. Each inbox can have another one.',
  content: 'Text',
  contentHint:
    'Markdown, and variables such as {{agent.first_name}} and {{inbox.name}}. Leave it empty for none.',
  isDefault: 'Add it to my replies',
  isDefaultHint: 'A checkbox below each reply changes this for that reply.',
})
