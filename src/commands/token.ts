import { readConfig } from '../config.ts'
import type { Queries } from '../db/database.ts'
import { openDatabaseAlongside } from '../db/open.ts'
import { accountIdsOf, userIdByEmail } from '../features/users/service.ts'
import { createToken } from '../features/users/tokens.ts'
import type { Scope } from '../lib/actor.ts'
import { migrations } from '../migrations.ts'
import { type Command, CommandError } from './command.ts'

const allowedScopes: readonly Scope[] = ['read', 'write', 'admin']

export const tokenCommand: Command = {
  usage: 'token create --email ADDRESS [--account ID] [--name NAME] [--scopes SCOPES] [--days DAYS]',
  summary: 'Create an access token for a user and print it, even while the server runs',
  details: `--email ADDRESS   the user's e-mail address
--account ID      the account that the token can access (required if the user is a member of several)
--name NAME       a name that says what the token is for (default: "command line")
--scopes SCOPES   ${allowedScopes.join(', ')}, separated by commas; each includes the ones before it (default: admin)
--days DAYS       the number of days until the token expires (default: it never expires)`,
  options: {
    email: { type: 'string' },
    account: { type: 'string' },
    name: { type: 'string' },
    scopes: { type: 'string' },
    days: { type: 'string' },
  },
  async run({ email, account, name = 'command line', scopes = 'admin', days }, positionals) {
    if (positionals.join(' ') !== 'create' || !email) return undefined
    const options = {
      name: String(name),
      scopes: parseScopes(String(scopes)),
      expiresAt: parseExpiry(days as string),
    }
    const database = await openDatabaseAlongside(readConfig(), migrations)
    try {
      return await database.transaction(null, async (tx) => {
        const userId = await userIdByEmail(tx, String(email))
        if (userId === undefined) throw new CommandError(`--email: no user has the address ${email}.`)
        const accountId = await chooseAccount(tx, userId, account as string | undefined)
        return createToken(tx, accountId, userId, options)
      })
    } finally {
      await database.close()
    }
  },
}

async function chooseAccount(tx: Queries, userId: number, requestedId: string | undefined): Promise<number> {
  const ids = await accountIdsOf(tx, userId)
  const matching = requestedId === undefined ? ids : ids.filter((id) => String(id) === requestedId)
  const [only, another] = matching
  if (only !== undefined && another === undefined) return only
  if (ids.length === 0) throw new CommandError('The user is not a member of any account.')
  throw new CommandError(`--account must be an account of the user: ${ids.join(', ')}.`)
}

function parseScopes(text: string): Scope[] {
  const scopes = text.split(',').map((scope) => scope.trim() as Scope)
  const unknownScope = scopes.find((scope) => !allowedScopes.includes(scope))
  if (unknownScope === undefined) return scopes
  throw new CommandError(`--scopes: "${unknownScope}" is not one of ${allowedScopes.join(', ')}.`)
}

function parseExpiry(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new CommandError('--days must be a whole number from 1 to 99999.')
  return Date.now() + Number(text) * 24 * 60 * 60 * 1000
}
