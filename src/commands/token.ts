import { readConfig } from '../config.ts'
import { openDatabaseAlongside } from '../db/open.ts'
import { createToken, userIdByEmail } from '../features/users/service.ts'
import type { Scope } from '../lib/actor.ts'
import { type Command, CommandError } from './command.ts'

const known: readonly Scope[] = ['read', 'write', 'admin']

export const tokenCommand: Command = {
  usage: 'token create --email ADDRESS [--name NAME] [--scopes SCOPES] [--days DAYS]',
  summary: 'Make an access token for a user and print it, also while the server runs',
  details: `--email ADDRESS   whose token it is
--name NAME       what it is for (default: command line)
--scopes SCOPES   ${known.join(', ')}, comma-separated; each contains the ones before it (default: admin)
--days DAYS       how long it is valid (default: for ever)`,
  options: {
    email: { type: 'string' },
    name: { type: 'string' },
    scopes: { type: 'string' },
    days: { type: 'string' },
  },
  async run({ email, name = 'command line', scopes = 'admin', days }, words) {
    if (words.join(' ') !== 'create' || !email) return undefined
    const options = {
      name: String(name),
      scopes: readScopes(String(scopes)),
      expiresAt: readDays(days as string),
    }
    const database = await openDatabaseAlongside(readConfig())
    try {
      return await database.transaction(null, async (tx) => {
        const userId = await userIdByEmail(tx, String(email))
        if (userId === undefined) throw new CommandError(`No user has the address ${email}.`)
        return createToken(tx, userId, options)
      })
    } finally {
      await database.close()
    }
  },
}

function readScopes(text: string): Scope[] {
  const scopes = text.split(',').map((scope) => scope.trim() as Scope)
  const wrong = scopes.find((scope) => !known.includes(scope))
  if (wrong !== undefined) throw new CommandError(`"${wrong}" is no scope; there are ${known.join(', ')}.`)
  return scopes
}

function readDays(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new CommandError('--days must be a whole number from 1 to 99999.')
  return Date.now() + Number(text) * 24 * 60 * 60 * 1000
}
