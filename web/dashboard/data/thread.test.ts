import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { openDashboardPage } from '../../../test/dashboard-page.ts'
import { eventually } from '../../../test/eventually.ts'
import { addMessages, addTestConversation } from '../../../test/factories.ts'

describe('a thread of the dashboard', () => {
  let test: TestApp
  let page: ReturnType<typeof openDashboardPage>
  let data: typeof import('./thread.ts')
  let session: typeof import('./session.ts')
  const stops: (() => void)[] = []
  before(async () => {
    test = await startTestApp()
    page = openDashboardPage(test)
    data = await import('./thread.ts')
    session = await import('./session.ts')
    const { isConnected, startHearing } = await import('./live.ts')
    await session.loadProfile()
    stops.push(
      data.followThreads(),
      startHearing(session.accountPath(), (status) => assert.fail(`refused with ${status}`)),
    )
    await eventually(() => isConnected.value === true)
  })
  after(async () => {
    for (const stop of stops) stop()
    await test.close()
  })

  const open = async (count: number) => {
    const id = await addTestConversation(test)
    const ids = await addMessages(
      test,
      id,
      Array.from({ length: count }, () => ({})),
    )
    return { id, ids }
  }
  const idsOf = (thread: import('./thread.ts').Thread) => thread.messages.value.map(({ id }) => id)
  const ready = async (thread: import('./thread.ts').Thread) => {
    await eventually(() => thread.state.value === 'ready')
    return thread
  }

  it('begins with the newest messages, and loads older ones without a gap', async () => {
    const { id, ids } = await open(95)
    const thread = await ready(data.threadOf(id))
    assert.deepEqual(idsOf(thread), ids.slice(-20))
    assert.ok(thread.isAtEnd.value)
    await Promise.all([thread.loadOlder(), thread.loadOlder()])
    assert.deepEqual(idsOf(thread), ids.slice(-70))
    await thread.loadOlder()
    assert.deepEqual(idsOf(thread), ids)
    assert.equal(thread.older.value, null)
    const calls = page.network.calls.length
    await thread.loadOlder()
    assert.equal(page.network.calls.length, calls)
  })

  it('begins around a message that is asked for, and loads newer ones up to the end', async () => {
    const { id, ids } = await open(200)
    const thread = await ready(data.threadOf(id, ids[60]))
    assert.ok(idsOf(thread).includes(ids[60]!))
    assert.equal(thread.isAtEnd.value, false)
    const sent = await sendMessage(test, 'Not shown before its place is loaded', {}, id)
    while (!thread.isAtEnd.value) await thread.loadNewer()
    assert.equal(idsOf(thread).at(-1), sent.id)
    assert.deepEqual(idsOf(thread), [...ids.slice(ids.indexOf(idsOf(thread)[0]!)), sent.id])
    assert.equal(await thread.reveal(ids[0]!), true)
    assert.equal(await thread.reveal(ids[0]! + 1_000_000), false)
  })

  it('follows what happens: new messages, changed ones and deleted ones', async () => {
    const { id, ids } = await open(3)
    const thread = await ready(data.threadOf(id))
    const sent = await sendMessage(test, 'Hello', {}, id)
    await eventually(() => idsOf(thread).at(-1) === sent.id)
    await test.api(`/conversations/${id}/messages/${sent.id}`, { method: 'PATCH', body: { content: 'Bye' } })
    await eventually(() => thread.messages.value.at(-1)!.content === 'Bye')
    await test.api(`/conversations/${id}/messages/${sent.id}`, { method: 'DELETE' })
    await eventually(() => data.isDeleted(thread.messages.value.at(-1)!))
    // An answer to the change that comes late does not bring the content back.
    thread.take({ ...sent, content: 'Bye' })
    assert.equal(thread.messages.value.at(-1)!.content, null)
    assert.deepEqual(idsOf(thread), [...ids, sent.id])
  })

  it('has a message once, whether the answer or the event comes first', async () => {
    const { id, ids } = await open(1)
    const thread = await ready(data.threadOf(id))
    const sent = await sendMessage(test, 'Hello', {}, id)
    thread.take(sent)
    thread.take(sent)
    await eventually(() => idsOf(thread).length === 2)
    assert.deepEqual(idsOf(thread), [...ids, sent.id])
  })

  it('says that it could not be loaded, and loads when it is asked for again', async () => {
    const { id } = await open(1)
    page.network.isDown = true
    const failed = data.threadOf(id)
    await eventually(() => failed.state.value === 'failed')
    assert.ok(failed.trouble.value!.isPassing)
    page.network.isDown = false
    const thread = data.threadOf(id)
    assert.notEqual(thread, failed)
    await ready(thread)
  })

  it('stays ready for a while, and the oldest of many is forgotten', async () => {
    const { id } = await open(1)
    const thread = await ready(data.threadOf(id))
    assert.equal(data.threadOf(id), thread)
    for (let count = 0; count < 12; count++) await ready(data.threadOf((await open(1)).id))
    assert.equal(data.cachedThread(id), undefined)
  })
})
