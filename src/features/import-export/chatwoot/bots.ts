import { systemOf } from '../../../lib/actor.ts'
import { urlProblem } from '../../../lib/destination.ts'
import { randomSecret } from '../../../lib/secrets.ts'
import { addBot, setBotOfInbox } from '../../bots/service.ts'
import type { Inboxes } from './inboxes.ts'
import type { Move } from './move.ts'
import { type SourceBot, selectBots } from './source-settings.store.ts'

/** Imports the bots of the account with their tokens. Returns the ids here of the bots in Chatwoot. */
export async function importBots(move: Move, inboxes: Inboxes): Promise<Map<number, number>> {
  const { source, database, accountId, isDryRun, report, ids } = move
  const rows = await selectBots(source, accountId)
  report.table('agent_bots', rows.length)
  await ids.agent_bots.begin(database, source, rows.at(-1)?.id ?? 0)
  const idOf = await ids.agent_bots.load(
    database.read,
    rows.map(({ id }) => id),
  )
  const bots = new Map<number, number>()
  for (const row of rows) {
    const isOld = ids.agent_bots.isOld(row.id)
    report.count('agent_bots', isOld ? 'known' : 'stored')
    if (isOld || isDryRun) {
      bots.set(row.id, idOf(row.id))
      continue
    }
    const id = await store(move, row)
    bots.set(row.id, id)
    for (const inboxId of row.inbox_ids) {
      await setBotOfInbox(database, systemOf(accountId), inboxes.idOf(inboxId)!, id)
    }
  }
  return bots
}

async function store(move: Move, row: SourceBot): Promise<number> {
  const { database, accountId, ids, report } = move
  const name = row.name?.trim().slice(0, 255) || 'Bot'
  const url = row.outgoing_url?.trim() || null
  const problem = url && urlProblem(url, move.allowPrivate)
  if (problem) report.remark('bot without its URL, which may not be called', `${name} ${problem}`)
  else if (url) report.remark('bot whose events are signed with a new secret', name)
  return database.transaction(accountId, async (tx) => {
    const [id] = ids.agent_bots.keeps(row.id) ? [row.id] : await ids.agent_bots.replace(tx, [row.id])
    const outgoing_url = problem ? null : url
    const bot = { id: id!, name, description: row.description, outgoing_url, format: 'chatwoot' } as const
    await addBot(tx, systemOf(accountId), bot, row.token ?? randomSecret('bot'))
    await ids.agent_bots.advance(tx, row.id)
    return id!
  })
}
