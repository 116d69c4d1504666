import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startTestApp, type TestApp } from '../../../test/app.ts'
import { openDashboardPage } from '../../../test/dashboard-page.ts'
import { eventually } from '../../../test/eventually.ts'
import { addTestConversation } from '../../../test/factories.ts'

describe('what an agent writes', () => {
  let test: TestApp
  let page: ReturnType<typeof openDashboardPage>
  let data: typeof import('./outbox.ts')
  let session: typeof import('./session.ts')
  let sessionEnd: typeof import('./session-end.ts')
  let stop: () => void
  before(async () => {
    test = await startTestApp()
    page = openDashboardPage(test)
    data = await import('./outbox.ts')
    session = await import('./session.ts')
    sessionEnd = await import('./session-end.ts')
    await session.loadProfile()
    stop = data.followOutbox()
  })
  after(async () => {
    stop()
    await test.close()
  })

  const write = (conversation: number, content: string, isPrivate = false) =>
    data.post({ account: 1, conversation, content, isPrivate }, [])
  const messagesOf = async (conversation: number): Promise<{ content: string; private: boolean }[]> =>
    (await test.api(`/conversations/${conversation}/messages`)).body.payload
  const contentsOf = async (conversation: number) =>
    (await messagesOf(conversation)).map(({ content }) => content)
  const emptied = () => eventually(() => data.outbox.value.length === 0)
  const restarted = () => {
    stop()
    stop = data.followOutbox()
  }
  const inStorage = () => JSON.parse(page.stored.get('ndoto.outbox.1') ?? '[]')

  it('arrives once and in its order', async () => {
    const id = await addTestConversation(test)
    const all = Array.from({ length: 10 }, (_, index) => `message ${index}`)
    for (const content of all) write(id, content)
    assert.equal(inStorage().length, 10)
    await emptied()
    assert.deepEqual((await contentsOf(id)).slice(-10), all)
    assert.deepEqual(inStorage(), [])
  })

  it('is a private note if the agent wants one', async () => {
    const id = await addTestConversation(test)
    write(id, 'for us', true)
    await emptied()
    assert.equal((await messagesOf(id)).at(-1)!.private, true)
  })

  it('waits in the storage while there is no network, and is sent when it is back', async () => {
    const id = await addTestConversation(test)
    page.network.isDown = true
    write(id, 'first')
    write(id, 'second')
    await eventually(() => data.outbox.value[0]!.tries > 0)
    assert.equal(data.outbox.value[0]!.refused, undefined)
    assert.deepEqual(
      inStorage().map(({ content }: { content: string }) => content),
      ['first', 'second'],
    )
    page.network.isDown = false
    page.dispatchEvent(new Event('online'))
    await emptied()
    assert.deepEqual((await contentsOf(id)).slice(-2), ['first', 'second'])
  })

  it('is one message if only the answer was lost', async () => {
    const id = await addTestConversation(test)
    page.network.losesAnswers = true
    write(id, 'hello')
    await eventually(() => data.outbox.value[0]!.tries > 0)
    page.network.losesAnswers = false
    page.dispatchEvent(new Event('online'))
    await emptied()
    assert.equal((await contentsOf(id)).filter((content) => content === 'hello').length, 1)
  })

  it('stays with the reason when the server refuses it, and can be given up', async () => {
    const id = await addTestConversation(test)
    write(id, 'x'.repeat(150_001))
    await eventually(() => data.outbox.value[0]?.refused !== undefined)
    assert.match(data.outbox.value[0]!.refused!, /150,?000/)
    write(id, 'not held up by it')
    await eventually(() => data.outbox.value.length === 1)
    restarted()
    assert.equal(data.outbox.value.length, 1)
    data.discard(data.outbox.value[0]!)
    assert.deepEqual(inStorage(), [])
  })

  it('is sent after a reload, and what another window has sent is not sent again', async () => {
    const id = await addTestConversation(test)
    page.network.isDown = true
    write(id, 'sent here')
    write(id, 'sent there')
    const [here, there] = data.outbox.value
    stop()
    page.stored.set('ndoto.outbox.1', JSON.stringify([here, there]))
    stop = data.followOutbox()
    page.stored.set('ndoto.outbox.1', JSON.stringify([here]))
    const event = Object.assign(new Event('storage'), { key: 'ndoto.outbox.1' })
    page.dispatchEvent(event)
    assert.deepEqual(data.outbox.value, [here])
    page.network.isDown = false
    page.dispatchEvent(new Event('online'))
    await emptied()
    assert.deepEqual(await contentsOf(id), ['sent here'])
  })

  it('waits for the same user if the session has ended', async () => {
    const id = await addTestConversation(test)
    page.network.token = 'nonsense'
    write(id, 'later')
    await eventually(() => sessionEnd.isSessionOver.value)
    assert.equal(data.outbox.value[0]!.refused, undefined)
    assert.equal(session.profile.value?.id, 1)
    page.network.token = test.token
    sessionEnd.renewSession()
    await emptied()
    assert.equal((await contentsOf(id)).at(-1), 'later')
  })
})
