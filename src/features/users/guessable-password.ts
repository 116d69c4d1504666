import { readFile } from 'node:fs/promises'
import { invalid } from '../../lib/errors.ts'

/** The user that a password is for. */
interface Owner {
  email: string
  name: string
}

/**
 * Returns why a new password is easy to guess, or undefined if it is not. It is easy to guess if it is common, or the
 * address or name of its owner. The text follows the name of the field.
 */
export async function whyGuessable(password: string, { email, name }: Owner): Promise<string | undefined> {
  const own = [email, email.split('@')[0]!, name].map(lettersOf)
  if (own.includes(lettersOf(password))) return 'is your name or e-mail address: choose another one'
  common ??= readFile(new URL('common-passwords.txt', import.meta.url), 'utf8')
  const isCommon = (await common).includes(`\n${password.toLowerCase()}\n`)
  return isCommon ? 'is one of the most common passwords: choose another one' : undefined
}

/** Throws `invalid` for the field `password` if it is easy to guess. */
export async function assertNotGuessable(password: string, owner: Owner): Promise<void> {
  const reason = await whyGuessable(password, owner)
  if (reason) throw invalid('password', reason, 'weak_password')
}

// Read when the first password is set. It is one string, because a set of its lines would take ten times the memory.
let common: Promise<string> | undefined

/** The letters and digits of a text in lower case, so that "John Smith" equals "john.smith". */
function lettersOf(text: string): string {
  const letters = text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '')
  return letters === '' ? text : letters
}
