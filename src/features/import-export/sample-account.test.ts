import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { readAllRows, sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { runCommand } from '../../../test/commands.ts'
import { addAccount } from '../../../test/factories.ts'
import { assertFailed, assertSucceeded } from '../../../test/process.ts'
import { assertStoredCounts } from '../../../test/stored-counts.ts'

const size = ['--conversations', '60', '--messages', '700']

type Rows = Record<string, Record<string, string | number | null>[]>
const rowsOf = async (test: TestApp) => (await readAllRows(test)) as Rows

describe('ndoto generate', () => {
  let test: TestApp
  before(async () => {
    test = await startTestApp()
    assertSucceeded(await runCommand(test, ['generate', ...size]))
  })
  after(() => assertStoredCounts(test).finally(() => test.close()))

  it('fills an account with as many conversations and messages as asked for, which the search finds', async () => {
    const { meta } = (await test.api('/conversations?status=all')).body.data
    // With the conversation of the first start.
    assert.equal(meta.all_count, 61)
    assert.ok(meta.unassigned_count > 5 && meta.assigned_count > 20, JSON.stringify(meta))
    const { messages } = await rowsOf(test)
    assert.equal(messages!.length, 701)
    const { data } = (await test.api('/conversations?status=all&q=the')).body
    assert.ok(data.payload.length > 10)
    const { meta: found } = (await test.api('/contacts/search?q=example')).body
    assert.ok(found.count > 10, JSON.stringify(found))
    const [first] = (await test.api('/conversations?status=all&labels=delivery')).body.data.payload
    assert.deepEqual(first.labels.includes('delivery'), true)
  })

  it('has more than a page of companies, with contacts whose addresses are at their domains', async () => {
    const sorted = async (sort: string) => (await test.api(`/companies?sort=${sort}`)).body
    const { payload, meta } = await sorted('-contacts_count')
    assert.equal(payload.length, 25)
    assert.ok(meta.next !== null && payload[0].contacts_count > 1)
    const { id, domain } = payload[0]
    const contacts = (await test.api(`/companies/${id}/contacts`)).body.payload
    const addresses = contacts.flatMap(({ email }: { email: string | null }) => email ?? [])
    assert.ok(addresses.length > 0)
    for (const address of addresses) assert.ok(address.endsWith(`@${domain}`), address)
  })

  it('generates the same texts, names and assignments from the same seed, and others from another one', async () => {
    const generated = async (seed: string) => {
      const other = await startTestApp()
      try {
        assertSucceeded(await runCommand(other, ['generate', ...size, '--seed', seed]))
        const { messages, contacts, conversations } = await rowsOf(other)
        return {
          texts: messages!.map(({ content }) => content).sort(),
          names: contacts!.map(({ name, email }) => `${name} ${email}`).sort(),
          assignees: conversations!.map(({ id, assignee_id }) => `${id} ${assignee_id}`).sort(),
        }
      } finally {
        await other.close()
      }
    }
    const [one, same, another] = [await generated('7'), await generated('7'), await generated('8')]
    assert.deepEqual(one, same)
    assert.notDeepEqual(one.texts, another.texts)
    assert.notDeepEqual(one.names, another.names)
  })

  it('keeps the counts, times and references of a used account', async () => {
    const rows = await rowsOf(test)
    const messages = Map.groupBy(rows.messages!, (one) => one.conversation_id)
    for (const conversation of rows.conversations!) {
      const own = messages.get(conversation.id)!
      const last = Math.max(...own.map(({ created_at }) => Number(created_at)))
      assert.equal(Number(conversation.last_activity_at), last)
      const isKnown = ({ inbox_id, source_id }: Rows[string][number]) =>
        inbox_id === conversation.inbox_id && source_id === conversation.source_id
      assert.ok(rows.contact_inboxes!.some(isKnown))
    }
    const { id } = (await test.api('/conversations?status=open')).body.data.payload[0]
    const sent = await sendMessage(test, 'Hello', {}, id)
    assert.ok(sent.id > Math.max(...rows.messages!.map((one) => Number(one.id))))
  })

  it('refuses an account that is not empty, one that does not exist, and impossible sizes', async () => {
    const refused: [string[], RegExp][] = [
      [[], /^Account 1 is not empty/],
      [['--account', '99'], /^--account: account 99 does not exist/],
      [['--conversations', '0'], /^--conversations must be a whole number from 1 to 100,000,000/],
      [['--conversations', '20', '--messages', '19'], /^--messages must be at least --conversations/],
      [['--seed', 'x'], /^--seed must be a whole number/],
      [['more'], /^Usage: ndoto generate/],
    ]
    const before = await readAllRows(test)
    for (const [args, sentence] of refused)
      assertFailed(await runCommand(test, ['generate', ...args]), sentence)
    assert.deepEqual(await readAllRows(test), before)
  })

  it('fills the account that is named, and no other', async () => {
    const { accountId, token } = await addAccount(test)
    const countOf = async (account: number, of: string | undefined) =>
      (await test.api(`//api/v1/accounts/${account}/conversations?status=all`, of ? { token: of } : {})).body
        .data.meta.all_count
    const before = await countOf(1, undefined)
    assertSucceeded(
      await runCommand(test, [
        'generate',
        '--account',
        `${accountId}`,
        '--conversations',
        '3',
        '--messages',
        '5',
      ]),
    )
    assert.equal(await countOf(accountId, token), 3)
    assert.equal(await countOf(1, undefined), before)
  })
})
