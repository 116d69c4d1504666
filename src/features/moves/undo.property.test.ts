import assert from 'node:assert/strict'
import { globSync, readFileSync, rmSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, it } from 'node:test'
import { sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { followed } from '../../../test/events.ts'
import { addMessages, addTestConversation, addUser } from '../../../test/factories.ts'
import { sendForm } from '../../../test/files.ts'
import { fc } from '../../../test/random.ts'
import { assertStoredCounts } from '../../../test/stored-counts.ts'
import { openFiles } from '../../files/open.ts'
import { exportTo } from '../import-export/export.ts'

let test: TestApp
const agents: number[] = []
before(async () => {
  test = await startTestApp()
  for (let count = 0; count < 2; count++) agents.push((await addUser(test, { inboxes: [1] })).userId)
  for (const title of ['one', 'two', 'three'])
    await test.api('/labels', { method: 'POST', body: { title: `label-${title}` } })
})
after(() => test.close())

const call = async (path: string, method: string, body: object = {}, headers: object = {}) => {
  const response = await test.api(path, { method, body, headers: { ...headers } })
  assert.ok(response.status < 300, `${path}: ${JSON.stringify(response.body)}`)
  return response.body
}

/** The bits of labels that were removed may stay. */
const withoutBits = (key: string, value: unknown) => (key === 'label_bits' ? undefined : value)

/** The bytes of all files of an export, and all rows that a merge may touch. */
async function everything() {
  await followed(test, 'participants')
  const folder = join(test.config.dataDir, 'export')
  rmSync(folder, { recursive: true, force: true })
  await mkdir(folder)
  const { storage } = openFiles(test.config)
  const source = {
    database: test.app.database,
    storage,
    accountId: 1,
    inboxId: undefined,
    forSpreadsheets: false,
  }
  await exportTo(folder, source, () => {})
  const files = globSync('**/*', { cwd: folder, withFileTypes: true }).filter((entry) => entry.isFile())
  const exported = files.map((file) => {
    const path = join(file.parentPath, file.name)
    return [path, readFileSync(path, 'latin1')]
  })
  const { sql } = test.app.database.read
  const tables = [
    'messages',
    'conversation_labels',
    'scheduled_messages',
    'proposals',
    'drafts',
    'conversation_participants',
    'notifications',
  ] as const
  const others = ['conversation_moves', 'moved_messages', 'conversation_counts'] as const
  const rows = []
  for (const table of [...tables, ...others]) {
    const all = await sql.selectFrom(table).selectAll().execute()
    rows.push([table, all.map((row) => JSON.stringify(row, withoutBits)).sort()])
  }
  const conversations = await sql.selectFrom('conversations').selectAll().orderBy('id').execute()
  return {
    exported: exported.sort(),
    rows,
    conversations: conversations.map(({ version: _, ...row }) => row),
  }
}

const soon = Math.floor(Date.now() / 1000) + 100_000
const acts = [
  'incoming',
  'reply',
  'note',
  'mention',
  'seen',
  'deleted',
  'key',
  'label',
  'later',
  'proposal',
  'draft',
  'file',
  'many',
  'assigned',
]
const act = fc.record({
  act: fc.constantFrom(...acts),
  to: fc.nat({ max: 2 }),
  number: fc.nat({ max: 2 }),
})
const ending = fc.record({
  status: fc.constantFrom('open', 'resolved', 'pending', 'snoozed'),
  priority: fc.constantFrom(null, 'high'),
})

async function perform(id: number, what: string, number: number): Promise<void> {
  const path = `/conversations/${id}`
  const outgoing = { content: `key ${number}`, message_type: 'outgoing' }
  const text = `${what} ${number}`
  switch (what) {
    case 'incoming':
      return void (await sendMessage(
        test,
        text,
        { message_type: 'incoming', source_id: `source ${number}` },
        id,
      ))
    case 'note':
      return void (await sendMessage(test, text, { private: true }, id))
    case 'mention': {
      const mention = `[@Agent](mention://user/${agents[number % 2]}/Agent) ${text}`
      return void (await sendMessage(test, mention, { private: true }, id))
    }
    case 'seen':
      return void (await call(`${path}/update_last_seen`, 'POST'))
    case 'deleted': {
      const message = await sendMessage(test, text, {}, id)
      return void (await call(`${path}/messages/${message.id}`, 'DELETE'))
    }
    case 'key':
      // The same key in both conversations.
      return void (await call(`${path}/messages`, 'POST', outgoing, { 'idempotency-key': `key ${number}` }))
    case 'label':
      return void (await call(`${path}/labels`, 'POST', {
        labels: [`label-${['one', 'two', 'three'][number]}`],
      }))
    case 'later':
      return void (await call(`${path}/scheduled_messages`, 'POST', {
        content: text,
        send_at: soon,
      }))
    case 'proposal':
      return void (await call(`${path}/proposals`, 'POST', { content: text }))
    case 'draft': {
      const { version } = (await test.api(`${path}/draft`)).body
      return void (await call(`${path}/draft`, 'PUT', { content: text, version }))
    }
    case 'file':
      return void (await sendForm(test, {}, [{ bytes: text, name: 'a.txt' }], { conversationId: id }))
    case 'assigned':
      return void (await call(`${path}/assignments`, 'POST', { assignee_id: agents[number % 2] }))
    case 'many': {
      const { last_activity_at } = (await test.api(path)).body
      const created_at = last_activity_at * 1000
      return void (await addMessages(
        test,
        id,
        Array.from({ length: 120 }, () => ({ created_at })),
      ))
    }
    default:
      return void (await sendMessage(test, text, {}, id))
  }
}

it('undoing merges, also of merged conversations, restores every byte of an export', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(act, { maxLength: 14 }),
      fc.array(ending, { minLength: 3, maxLength: 3 }),
      fc.boolean(),
      async (steps, endings, isChain) => {
        const first = await addTestConversation(test)
        const { contact, inbox_id } = (await test.api(`/conversations/${first}`)).body
        const ids = [first]
        for (let count = 1; count < 3; count++)
          ids.push((await call('/conversations', 'POST', { inbox_id, contact_id: contact.id })).id)
        for (const { act, to, number } of steps) await perform(ids[to]!, act, number)
        for (const [index, { status, priority }] of endings.entries()) {
          const until = status === 'snoozed' ? { snoozed_until: 4_000_000_000 } : {}
          await call(`/conversations/${ids[index]}`, 'PATCH', { status, priority, ...until })
        }
        // A draft in both conversations is one afterwards, which cannot be undone.
        const drafts = new Set(steps.filter((one) => one.act === 'draft').map(({ to }) => to))
        for (const to of [...drafts].slice(1)) {
          const { version } = (await test.api(`/conversations/${ids[to]}/draft`)).body
          await call(`/conversations/${ids[to]}/draft`, 'PUT', { content: '', version })
        }
        const before = await everything()
        const [one, two, three] = ids as [number, number, number]
        const merges = isChain
          ? [
              [two, three],
              [one, two],
            ]
          : [
              [one, two],
              [one, three],
            ]
        for (const [target, mergee_conversation_id] of merges)
          await call(`/conversations/${target}/merge`, 'POST', { mergee_conversation_id })
        const { payload } = (await test.api(`/conversations/${one}/messages?include_deleted=true`)).body
        const own = before.rows[0]![1] as string[]
        const expected = own.filter((row) => ids.includes(JSON.parse(row).conversation_id)).length
        assert.equal(payload.length, expected)
        const messageIds = payload.map(({ id }: { id: number }) => id)
        assert.deepEqual(
          messageIds,
          messageIds.toSorted((a: number, b: number) => a - b),
        )
        for (const [, merged] of merges.toReversed()) await call(`/conversations/${merged}/merge`, 'DELETE')
        assert.deepEqual(await everything(), before)
        await assertStoredCounts(test)
      },
    ),
    { numRuns: 12 },
  )
})
