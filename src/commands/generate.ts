import { secretColumns } from '../app.ts'
import { readConfig } from '../config.ts'
import { openDatabaseAlongside } from '../db/open.ts'
import { accountExists } from '../features/accounts/service.ts'
import { channelList } from '../features/channels/list.ts'
import { createRegistry } from '../features/channels/registry.ts'
import { generateAccount } from '../features/import-export/sample-account.ts'
import { channels } from '../features/inboxes/channels.ts'
import { Refusal } from '../lib/errors.ts'
import { secretBox } from '../lib/secret-box.ts'
import { migrations } from '../migrations.ts'
import { openSecretBox } from '../secret-key.ts'
import { type Command, CommandError } from './command.ts'
import { showProgress } from './progress.ts'
import { restForServer } from './rest.ts'

const mostConversations = 100_000_000
const mostMessages = 1_000_000_000

export const generateCommand: Command = {
  usage: 'generate [--conversations N] [--messages M] [--seed SEED] [--account ID]',
  summary: 'Fill an empty account with a sample, to try Ndoto or to measure it',
  details: `--conversations N   how many conversations (default: 1,000)
--messages M        how many messages they have together (default: 10 for each conversation)
--seed SEED         a number: another one generates other texts and names (default: 1)
--account ID        the account to fill (default: 1)

The account gets agents, teams, labels and inboxes, and conversations of the last two years in several languages. Only
an account with nothing but what the first start creates is filled. Nobody can sign in as the generated agents.`,
  options: {
    conversations: { type: 'string' },
    messages: { type: 'string' },
    seed: { type: 'string' },
    account: { type: 'string' },
  },
  async run(values, words) {
    if (words.length > 0) return undefined
    const number = (name: string, byDefault: number, most: number) => {
      const text = String(values[name] ?? byDefault).replaceAll(/[,_]/g, '')
      if (/^[1-9]\d{0,14}$/.test(text) && Number(text) <= most) return Number(text)
      throw new CommandError(`--${name} must be a whole number from 1 to ${most.toLocaleString('en')}.`)
    }
    const conversations = number('conversations', 1000, mostConversations)
    const messages = number('messages', 10 * conversations, mostMessages)
    const size = { conversations, messages, seed: number('seed', 1, 2 ** 32 - 1) }
    if (messages < conversations)
      throw new CommandError('--messages must be at least --conversations: no conversation is empty.')
    const accountId = number('account', 1, Number.MAX_SAFE_INTEGER)
    const config = readConfig()
    const database = await openDatabaseAlongside(config, migrations)
    try {
      secretBox.fill(database, await openSecretBox(config, database, secretColumns))
      channels.fill(database, createRegistry(channelList, config))
      if (!(await accountExists(database.read, accountId)))
        throw new CommandError(`--account: account ${accountId} does not exist.`)
      const startedAt = performance.now()
      const show = showProgress('messages')
      await generateAccount(database, accountId, size, {
        rest: restForServer(config),
        progress: (done) => show(done, messages),
      })
      const seconds = (performance.now() - startedAt) / 1000
      const perSecond = Math.round(messages / seconds).toLocaleString('en')
      return `${conversations.toLocaleString('en')} conversations with ${messages.toLocaleString('en')} messages in ${seconds.toFixed(1)} s, ${perSecond} messages a second.`
    } catch (error) {
      if (error instanceof Refusal && error.code === 'conflict') throw new CommandError(error.message)
      throw error
    } finally {
      await database.close()
    }
  },
}
