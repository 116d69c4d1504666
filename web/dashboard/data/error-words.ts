import { CallError, type FieldError } from '../../shared/api.ts'
import { type Translated, translation } from '../language.ts'
import type { errorStrings } from './error-strings.ts'

type Words = Translated<typeof errorStrings>
type Word = string | ((sentence: string) => string)

/** Returns an error in the language of the page. What has no words there stays as the server has said it. */
export function inOwnWords(error: CallError): CallError {
  const words = translation<Words>('errors')
  if (!words || error.status === 0) return error
  const errors = error.fields.map((one) => ({ ...one, message: ofField(words, one) }))
  return new CallError(error.status, sentenceOf(words, error, errors), error.retryAfter, {
    ...error.body,
    errors,
  })
}

function sentenceOf(words: Words, { code, status, message }: CallError, errors: FieldError[]): string {
  if (code === undefined) return words.status?.(status) ?? message
  if (code === 'invalid' && errors.length > 0)
    return errors.map((one) => `${one.field} ${one.message}`).join('; ')
  return filled((words.codes as Record<string, Word> | undefined)?.[code], message)
}

function ofField({ limits, fields }: Words, { code, limit, message }: FieldError): string {
  const withLimit = (limits as Record<string, (limit: number) => string> | undefined)?.[code]
  if (limit !== undefined && withLimit) return withLimit(limit)
  return filled((fields as Record<string, Word> | undefined)?.[code], message)
}

function filled(word: Word | undefined, sentence: string): string {
  return typeof word === 'function' ? word(sentence) : (word ?? sentence)
}
