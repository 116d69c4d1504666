import { readConfig } from '../config.ts'
import { openDatabaseAlongside } from '../db/open.ts'
import { createLink } from '../features/sign-in/service.ts'
import { invitedUsers, userByEmail } from '../features/users/service.ts'
import { migrations } from '../migrations.ts'
import { type Command, CommandError } from './command.ts'

export const passwordCommand: Command = {
  usage: 'password ADDRESS',
  summary: 'Print a link with which a user sets a new password, even while the server runs',
  details: `ADDRESS   the user's e-mail address

The link works once and within an hour, and ends older links of the user. Setting the password with it signs
the user out everywhere.`,
  options: {},
  async run(_, [email, ...more]) {
    if (!email || more.length > 0) return undefined
    const config = readConfig()
    const database = await openDatabaseAlongside(config, migrations)
    try {
      return await database.transaction(null, async (tx) => {
        const user = await userByEmail(tx, email)
        // Whoever runs this command can read the whole database, so the link need not end when the user joins an account.
        if (user) return createLink(tx, user.id, 'password', config.publicUrl, null)
        const [invited] = await invitedUsers(tx, email)
        if (!invited) throw new CommandError(`No user has the address ${email}.`)
        throw new CommandError(
          `${email} has not accepted their invitation. Create another one in /settings/agents.`,
        )
      })
    } finally {
      await database.close()
    }
  },
}
