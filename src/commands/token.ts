import { readConfig } from '../config.ts'
import type { Queries } from '../db/database.ts'
import { openDatabaseAlongside } from '../db/open.ts'
import { accountIdsOf, createToken, userIdByEmail } from '../features/users/service.ts'
import type { Scope } from '../lib/actor.ts'
import { type Command, CommandError } from './command.ts'

const known: readonly Scope[] = ['read', 'write', 'admin']

export const tokenCommand: Command = {
  usage: 'token create --email ADDRESS [--account ID] [--name NAME] [--scopes SCOPES] [--days DAYS]',
  summary: 'Make an access token for a user and print it, also while the server runs',
  details: `--email ADDRESS   whose token it is
--account ID      the account that it opens; may be left out if the user is a member of one only
--name NAME       what it is for (default: command line)
--scopes SCOPES   ${known.join(', ')}, comma-separated; each contains the ones before it (default: admin)
--days DAYS       how long it is valid (default: for ever)`,
  options: {
    email: { type: 'string' },
    account: { type: 'string' },
    name: { type: 'string' },
    scopes: { type: 'string' },
    days: { type: 'string' },
  },
  async run({ email, account, name = 'command line', scopes = 'admin', days }, words) {
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
        const accountId = await accountOf(tx, userId, account as string | undefined)
        return createToken(tx, accountId, userId, options)
      })
    } finally {
      await database.close()
    }
  },
}

async function accountOf(tx: Queries, userId: number, named: string | undefined): Promise<number> {
  const ids = await accountIdsOf(tx, userId)
  const wanted = named === undefined ? ids : ids.filter((id) => String(id) === named)
  const [only, another] = wanted
  if (only !== undefined && another === undefined) return only
  const theirs = ids.length === 0 ? 'none' : ids.join(', ')
  throw new CommandError(`Name an account of the user with --account; they are a member of ${theirs}.`)
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
