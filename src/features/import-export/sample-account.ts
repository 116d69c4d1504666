import type { Database, Queries } from '../../db/database.ts'
import { GrowingStatistics } from '../../db/growing-statistics.ts'
import { reserveIds } from '../../db/ids.ts'
import { systemOf } from '../../lib/actor.ts'
import { Refusal } from '../../lib/errors.ts'
import { channel } from '../channels/api/channel.ts'
import { createCompany } from '../companies/service.ts'
import { addInboxMember, createInbox } from '../inboxes/service.ts'
import { createLabel } from '../labels/service.ts'
import { insertMessages, nextMessageIds } from '../messages/parts.store.ts'
import { textOfContact } from '../search/parts.store.ts'
import { addDocuments, type UnindexedText } from '../search/service.ts'
import { addMembers, createTeam } from '../teams/service.ts'
import { createMember } from '../users/service.ts'
import { insertConversations, insertLabels } from './conversation.store.ts'
import { companies } from './sample-companies.ts'
import { type SampleBatch, SamplePlan, type SampleSize } from './sample-plan.ts'
import { Random } from './sample-random.ts'
import type { SampleTeam } from './sample-rows.ts'
import { labels, nameOf, teams } from './sample-texts.ts'
import { hasContent, insertContactInboxes, insertContacts } from './store.ts'

/** How it is generated. */
export interface SampleOptions {
  /** Waits between two transactions, so that a running server can write. */
  rest(): Promise<void>
  /** Gets the number of messages stored so far. */
  progress(messages: number): void
}

const agentCount = 24
/** These work in the first inbox only. */
const firstInboxAgentCount = 4
const inboxNames = ['Shop', 'Returns', 'Wholesale']

/**
 * Fills an account with agents, teams, labels, inboxes, contacts, conversations and messages as they are after two years
 * of work. Like an import it appends no events for them. Throws `conflict` if the account already has more than what
 * the first start creates.
 */
export async function generateAccount(
  database: Database,
  accountId: number,
  size: SampleSize,
  options: SampleOptions,
): Promise<void> {
  if (await hasContent(database.read, accountId)) {
    throw new Refusal(
      'conflict',
      `Account ${accountId} is not empty: it has other conversations or contacts.`,
    )
  }
  const random = new Random(size.seed)
  const team = await createSampleTeam(database, accountId, random)
  const first = await database.transaction(accountId, async (tx) => {
    const reserve = async (name: 'contacts' | 'conversations') =>
      (await reserveIds(tx, accountId, name, size.conversations)) - size.conversations + 1
    return { contact: await reserve('contacts'), conversation: await reserve('conversations') }
  })
  const plan = new SamplePlan(random, team, size, first, Date.now())
  let indexed = Promise.resolve()
  const statistics = new GrowingStatistics(database)
  while (!plan.isDone) {
    const stored = plan.messages
    const batch = plan.nextBatch()
    const texts = await database.transaction(accountId, async (tx) => {
      const written = await write(tx, batch)
      if (tx.engine === 'sqlite') await addDocuments(tx, accountId, written)
      return written
    })
    await indexed
    if (database.read.engine === 'postgres') {
      // Another connection indexes them while the next batch is planned and stored.
      indexed = database.autocommit((tx) => addDocuments(tx, accountId, texts))
      indexed.catch(() => {})
    }
    options.progress(plan.messages)
    await options.rest()
    await statistics.count(plan.messages - stored)
  }
  await indexed
  await database.gatherStatistics()
}

async function createSampleTeam(database: Database, accountId: number, random: Random): Promise<SampleTeam> {
  const actor = systemOf(accountId)
  const staff = await database.transaction(accountId, async (tx) => {
    const inboxIds: number[] = []
    for (const name of inboxNames)
      inboxIds.push(await createInbox(tx, accountId, { name, channel_type: channel.type }))
    const all: number[] = []
    for (let index = 0; index < agentCount; index++) {
      const email = `agent${index + 1}.${accountId}@example.com`
      const id = await createMember(tx, accountId, 'agent', {
        email,
        name: nameOf(random),
        passwordHash: 'none',
      })
      all.push(id)
      const worksIn = index < agentCount - firstInboxAgentCount ? inboxIds : inboxIds.slice(0, 1)
      for (const inboxId of worksIn) await addInboxMember(tx, accountId, inboxId, id)
    }
    return { inboxIds, firstInboxAgentIds: all, agentIds: all.slice(0, -firstInboxAgentCount) }
  })
  const labelIds: number[] = []
  for (const [title, color] of labels)
    labelIds.push((await createLabel(database, actor, { title, color, show_on_sidebar: true })).id)
  const teamIds: number[] = []
  for (const [index, name] of teams.entries()) {
    const { id } = await createTeam(database, actor, { name, allow_auto_assign: false })
    await addMembers(
      database,
      actor,
      id,
      staff.agentIds.filter((_, i) => i % teams.length === index),
    )
    teamIds.push(id)
  }
  const sampleCompanies: SampleTeam['companies'] = []
  for (const company of companies) {
    const { id } = await createCompany(database, actor, company)
    sampleCompanies.push({ id, domain: company.domain })
  }
  return { account_id: accountId, ...staff, labelIds, teamIds, companies: sampleCompanies }
}

/** Stores a batch, and returns the texts to index. */
async function write(tx: Queries, { contacts, conversations }: SampleBatch): Promise<UnindexedText[]> {
  const { account_id } = conversations[0]!.row
  const rows = contacts.map(({ row }) => row)
  await insertContacts(tx, rows)
  await insertContactInboxes(
    tx,
    contacts.map(({ row, inbox_id, source_id }) => {
      return { account_id, inbox_id, source_id, contact_id: row.id, created_at: row.created_at, has_name: 1 }
    }),
  )
  await insertConversations(
    tx,
    conversations.map(({ row }) => row),
  )
  await insertLabels(
    tx,
    conversations.flatMap(({ row, labelIds }) =>
      labelIds.map((label_id) => ({ account_id, conversation_id: row.id, label_id })),
    ),
  )
  const planned = conversations.flatMap(({ messages }) => messages)
  planned.sort((one, other) => one.created_at - other.created_at)
  const ids = await nextMessageIds(tx, account_id, planned.length)
  const messages = planned.map((message, index) => ({ ...message, id: ids[index]! }))
  await insertMessages(tx, messages)
  const found = messages.filter(({ message_type }) => message_type !== 'activity')
  return [
    ...rows.map((row) => {
      return {
        subject: 'contact' as const,
        subject_id: row.id,
        conversation_id: null,
        text: textOfContact(row),
      }
    }),
    ...found.map(({ id, conversation_id, content }) => {
      return { subject: 'message' as const, subject_id: id, conversation_id, text: content! }
    }),
  ]
}
