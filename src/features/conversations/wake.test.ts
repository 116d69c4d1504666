import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type App, startApp } from '../../../src/app.ts'
import { type ApiResponse, startTestApp, type TestApp } from '../../../test/app.ts'
import { testDatabaseUrl } from '../../../test/databases.ts'
import { eventsOf } from '../../../test/events.ts'
import { addTestConversation } from '../../../test/factories.ts'

let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => test.close())

/** Sets when a conversation wakes up, past the rule that this is in the future; in milliseconds. */
function snooze(id: number, snoozed_until: number | null): Promise<unknown> {
  return test.app.database.transaction(1, (tx) =>
    tx.sql
      .updateTable('conversations')
      .set({ status: 'snoozed', snoozed_until })
      .where('account_id', '=', 1)
      .where('id', '=', id)
      .execute(),
  )
}

async function get(id: number): Promise<ApiResponse['body']> {
  return (await test.api(`/conversations/${id}`)).body
}

async function untilOpen(id: number): Promise<ApiResponse['body']> {
  for (let i = 0; i < 200; i++) {
    const conversation = await get(id)
    if (conversation.status === 'open') return conversation
    await sleep(25)
  }
  throw new Error(`conversation ${id} did not wake up`)
}

async function lines(id: number): Promise<string[]> {
  const { payload } = (await test.api(`/conversations/${id}/messages`)).body
  return payload.map(({ content }: ApiResponse['body']) => content)
}

describe('a snoozed conversation', () => {
  it('wakes up by itself at its time, with an event and a line', async () => {
    const id = await addTestConversation(test)
    const asleep = await addTestConversation(test)
    const forever = await addTestConversation(test)
    await snooze(asleep, Date.now() + 3_600_000)
    await snooze(forever, null)
    const time = Math.floor(Date.now() / 1000) + 2
    const events = await eventsOf(test, async () => {
      const body = { status: 'snoozed', snoozed_until: time }
      await test.api(`/conversations/${id}/toggle_status`, { method: 'POST', body })
      const awake = await untilOpen(id)
      assert.ok(Date.now() / 1000 >= time)
      assert.equal(awake.snoozed_until, null)
    })
    assert.deepEqual(
      events.slice(-2).map(({ name, data }) => [name, data.changed]),
      [
        ['message_created', undefined],
        ['conversation_status_changed', ['status', 'snoozed_until']],
      ],
    )
    assert.equal((await lines(id)).at(-1), 'The conversation woke up')
    for (const other of [asleep, forever]) assert.equal((await get(other)).status, 'snoozed')
  })

  it('wakes up after a start, if its time came while no server ran', async () => {
    const id = await addTestConversation(test)
    await snooze(id, Date.now() + 500)
    await test.restart()
    await untilOpen(id)
    assert.deepEqual(await lines(id), ['The conversation woke up'])
  })

  it('wakes up once, however many nodes look', { skip: !testDatabaseUrl && 'needs nodes' }, async () => {
    const nodes: App[] = [await startApp(test.config), await startApp(test.config)]
    try {
      const ids = []
      for (let i = 0; i < 20; i++) ids.push(await addTestConversation(test))
      const time = Date.now() + 1500
      for (const id of ids) await snooze(id, time)
      for (const id of ids) await untilOpen(id)
      await sleep(1500)
      for (const id of ids) assert.deepEqual(await lines(id), ['The conversation woke up'])
    } finally {
      for (const node of nodes) await node.close()
    }
  })
})
