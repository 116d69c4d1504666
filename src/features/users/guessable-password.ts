import { readFile } from 'node:fs/promises'
import { invalid } from '../../lib/errors.ts'

/** Whose password it is going to be. */
interface Owner {
  email: string
  name: string
}

/**
 * Why a new password is among the first that an attacker tries: it is common, or the address or name of its owner. To
 * follow the name of its field; undefined if it is neither.
 */
export async function whyGuessable(password: string, { email, name }: Owner): Promise<string | undefined> {
  const own = [email, email.split('@')[0]!, name].map(lettersOf)
  if (own.includes(lettersOf(password))) return 'is your name or e-mail address: choose another'
  common ??= readFile(new URL('common-passwords.txt', import.meta.url), 'utf8')
  const isCommon = (await common).includes(`\n${password.toLowerCase()}\n`)
  return isCommon ? 'is one of the most common: choose another' : undefined
}

/** Throws `invalid`, naming `password`, for one that `whyGuessable` finds. */
export async function assertNotGuessable(password: string, owner: Owner): Promise<void> {
  const reason = await whyGuessable(password, owner)
  if (reason) throw invalid('password', reason)
}

// Read with the first new password. As one text, since a set of its lines would take ten times the memory.
let common: Promise<string> | undefined

/** A text without its case, spaces and signs, so that "John Smith" is the same as "john.smith". */
function lettersOf(text: string): string {
  const letters = text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '')
  return letters === '' ? text : letters
}
