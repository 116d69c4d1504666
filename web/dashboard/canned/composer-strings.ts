import { localized, number } from '../language.ts'

/** The texts about canned responses in the composer. */
export const composerStrings = localized('cannedComposer', {
  button: 'Insert canned response',
  tooManyFiles: (most: number, extra: number) =>
    `A message can have ${number(most)} files. Remove ${number(extra)} to send it.`,
})
