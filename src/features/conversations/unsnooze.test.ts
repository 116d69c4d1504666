import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type App, startApp } from '../../../src/app.ts'
import { type ApiResponse, startTestApp, type TestApp } from '../../../test/app.ts'
import { testDatabaseUrl } from '../../../test/databases.ts'
import { eventsOf } from '../../../test/events.ts'
import { addTestConversation } from '../../../test/factories.ts'
import { assertStoredCounts } from '../../../test/stored-counts.ts'

let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => assertStoredCounts(test).finally(() => test.close()))

/** Snoozes a conversation until a time in milliseconds, without the rule that it must be in the future. */
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

const sentence = 'The conversation was reopened at the end of its snooze time'

async function get(id: number): Promise<ApiResponse['body']> {
  return (await test.api(`/conversations/${id}`)).body
}

async function untilOpen(id: number): Promise<ApiResponse['body']> {
  for (let i = 0; i < 200; i++) {
    const conversation = await get(id)
    if (conversation.status === 'open') return conversation
    await sleep(25)
  }
  throw new Error(`conversation ${id} was not reopened in time`)
}

async function contentsOf(id: number): Promise<string[]> {
  const { payload } = (await test.api(`/conversations/${id}/messages`)).body
  return payload.map(({ content }: ApiResponse['body']) => content)
}

describe('a snoozed conversation', () => {
  it('is reopened at its time, with an event and an activity message', async () => {
    const id = await addTestConversation(test)
    const later = await addTestConversation(test)
    const withoutTime = await addTestConversation(test)
    await snooze(later, Date.now() + 3_600_000)
    await snooze(withoutTime, null)
    const time = Math.floor(Date.now() / 1000) + 2
    const events = await eventsOf(test, async () => {
      const body = { status: 'snoozed', snoozed_until: time }
      await test.api(`/conversations/${id}/toggle_status`, { method: 'POST', body })
      const reopened = await untilOpen(id)
      assert.ok(Date.now() / 1000 >= time)
      assert.equal(reopened.snoozed_until, null)
    })
    assert.deepEqual(
      events
        .slice(-2)
        .map(({ name, data, actor_type, before }) => [
          name,
          data.changed,
          actor_type,
          before && JSON.parse(before),
        ]),
      [
        ['message_created', [], 'system', null],
        [
          'conversation_status_changed',
          ['status', 'snoozed_until'],
          'system',
          { status: 'snoozed', snoozed_until: time },
        ],
      ],
    )
    assert.equal((await contentsOf(id)).at(-1), sentence)
    for (const other of [later, withoutTime]) assert.equal((await get(other)).status, 'snoozed')
  })

  it('is reopened after a start if its time came while no server was running', async () => {
    const id = await addTestConversation(test)
    await snooze(id, Date.now() + 500)
    await test.restart()
    await untilOpen(id)
    assert.deepEqual(await contentsOf(id), [sentence])
  })

  it('is reopened once, even with several nodes', {
    skip: !testDatabaseUrl && 'needs several nodes',
  }, async () => {
    const nodes: App[] = [await startApp(test.config), await startApp(test.config)]
    try {
      const ids = []
      for (let i = 0; i < 20; i++) ids.push(await addTestConversation(test))
      const time = Date.now() + 1500
      for (const id of ids) await snooze(id, time)
      for (const id of ids) await untilOpen(id)
      await sleep(1500)
      for (const id of ids) assert.deepEqual(await contentsOf(id), [sentence])
    } finally {
      for (const node of nodes) await node.close()
    }
  })
})
