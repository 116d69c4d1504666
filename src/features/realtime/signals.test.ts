import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, readAllRows, sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { skipWithoutPostgres } from '../../../test/databases.ts'
import { type EventStream, openStream } from '../../../test/event-stream.ts'
import { eventually } from '../../../test/eventually.ts'
import { addAccount, addInbox, addTestConversation, addUser } from '../../../test/factories.ts'
import { startNode } from '../../../test/nodes.ts'
import { listPresence } from './service.ts'

let test: TestApp
before(async () => {
  test = await startTestApp({}, { intervals: { presence: 60 } })
})
after(() => test.close())

type User = { userId: number; token: string; name: string }
const online = async (more: { token?: string } = {}) => (await test.api('/presence', more)).body.payload
const isOnline = async ({ userId }: User) =>
  (await online()).some((one: { user_id: number }) => one.user_id === userId)
const type = (body: object, more: { token?: string; conversation?: number } = {}) =>
  test.api(`/conversations/${more.conversation ?? 1}/toggle_typing_status`, { ...more, method: 'POST', body })
/** The statuses of a user that a stream has got, oldest first. */
const statuses = (stream: EventStream, { userId }: User) =>
  stream
    .named('presence')
    .filter(({ data }) => data.user_id === userId)
    .map(({ data }) => data.status)

describe('typing', () => {
  it('is sent to users who may see the conversation, without an id, and is not stored', async () => {
    const inbox = await addInbox(test)
    const conversation = await addTestConversation(test, { inboxId: inbox })
    const typist = await addUser(test, { inboxes: [inbox] })
    const streams = [await openStream(test), await openStream(test, typist)]
    const stranger = await openStream(test, await addUser(test))
    const rows = await readAllRows(test)
    const answer = await type({ typing_status: 'on' }, { ...typist, conversation })
    assert.equal(answer.status, 204)
    assert.equal(answer.body, '')
    for (const stream of streams) {
      const { id, data } = await stream.find(({ name }) => name === 'typing')
      assert.equal(id, undefined)
      assert.deepEqual(data, {
        event: 'typing',
        conversation_id: conversation,
        user: { id: typist.userId, name: typist.name },
        is_private: false,
        typing_status: 'on',
      })
    }
    await type({ typing_status: 'off', is_private: true }, { ...typist, conversation })
    const { data } = await streams[0]!.find(({ data }) => data.typing_status === 'off')
    assert.equal(data.is_private, true)
    assert.deepEqual(await readAllRows(test), rows)
    await test.api('/contacts', { method: 'POST', body: { name: 'Mary' } })
    await stranger.find(({ name }) => name === 'contact_created')
    assert.deepEqual(stranger.named('typing'), [])
    for (const stream of [...streams, stranger]) stream.close()
  })

  it('is not sent to streams whose filter excludes it', async () => {
    const elsewhere = await addTestConversation(test)
    const matching = ['events=typing', 'conversation_id=1', 'conversation_id=1&events=typing,message_created']
    const others = ['events=message_created', `conversation_id=${elsewhere}&events=typing`]
    const streams = await Promise.all([...matching, ...others].map((query) => openStream(test, { query })))
    await type({ typing_status: 'on' })
    for (const stream of streams.slice(0, matching.length)) await stream.find(({ name }) => name === 'typing')
    for (const stream of streams.slice(matching.length)) assert.deepEqual(stream.named('typing'), [])
    for (const stream of streams) stream.close()
  })

  it('is refused if the request is invalid, or the user may not write there', async () => {
    assertRefused(await type({ typing_status: 'maybe' }), 422, /^typing_status must be one of on, off/)
    assertRefused(await type({}), 422, /^typing_status is required/)
    assertRefused(
      await type({ typing_status: 'on', is_private: 'yes' }),
      422,
      /^is_private must be a boolean/,
    )
    assertRefused(await type({ typing_status: 'on' }, { conversation: 999_999 }), 404, /^conversation/)
    assertRefused(await type({ typing_status: 'on' }, await addUser(test)), 404, /^conversation/)
    const reader = await addUser(test, { scopes: ['read'], inboxes: [1] })
    assertRefused(await type({ typing_status: 'on' }, reader), 403, /scope "write"/)
  })
})

describe('a user', () => {
  it('is online while they have a stream open, and offline when the last one ends', async () => {
    const watch = await openStream(test)
    const user = await addUser(test)
    assert.equal(await isOnline(user), false)
    const first = await openStream(test, user)
    assert.equal(await isOnline(user), true)
    await watch.find(({ data }) => data.user_id === user.userId)
    const second = await openStream(test, user)
    first.close()
    await sendMessage(test, 'in between')
    await watch.find(({ data }) => data.content === 'in between')
    assert.equal(await isOnline(user), true)
    second.close()
    await eventually(async () => !(await isOnline(user)))
    await watch.find(({ data }) => data.status === 'offline' && data.user_id === user.userId)
    assert.deepEqual(statuses(watch, user), ['online', 'offline'])
    assert.ok(watch.named('presence').every(({ id }) => id === undefined))
    watch.close()
  })

  it('has the status that they have chosen, while they have a stream open', async () => {
    const watch = await openStream(test)
    const user = await addUser(test)
    const statusOf = async () =>
      (await online()).find((one: { user_id: number }) => one.user_id === user.userId)?.status
    const choose = (availability: string, path = '//api/v1/profile', { token } = user) =>
      test.api(path, { method: 'PATCH', body: { availability }, token })
    await choose('busy')
    assert.equal(await statusOf(), undefined)
    const stream = await openStream(test, user)
    assert.equal(await statusOf(), 'busy')
    await choose('offline')
    assert.equal(await statusOf(), undefined)
    // An administrator can change it, too.
    await choose('online', `/agents/${user.userId}`, { ...user, token: test.token })
    assert.equal(await statusOf(), 'online')
    stream.close()
    await eventually(() => statuses(watch, user).length === 4)
    assert.deepEqual(statuses(watch, user), ['busy', 'offline', 'online', 'offline'])
    watch.close()
  })

  it('is not online because of a program that can only read', async () => {
    const reader = await addUser(test, { scopes: ['read'] })
    const stream = await openStream(test, reader)
    const writer = await addUser(test, { scopes: ['write'] })
    const other = await openStream(test, writer)
    await eventually(async () => isOnline(writer))
    assert.equal(await isOnline(reader), false)
    for (const one of [stream, other]) one.close()
    await eventually(async () => !(await isOnline(writer)))
  })

  it('goes offline when their token is revoked and their stream ends', async () => {
    const quick = await startTestApp({}, { intervals: { heartbeat: 30 } })
    const { userId, token } = await addUser(quick)
    await openStream(quick, { token })
    await quick.app.database.transaction(1, async (tx) => {
      await tx.sql.deleteFrom('access_tokens').where('user_id', '=', userId).execute()
    })
    await eventually(async () => (await listPresence(quick.app.database, 1)).length === 0)
    await quick.close()
  })

  it('is not shown as online in another account', async () => {
    const other = await addAccount(test)
    const watch = await openStream(test, other)
    const user = await addUser(test)
    const stream = await openStream(test, user)
    assert.equal(await isOnline(user), true)
    const path = `//api/v1/accounts/${other.accountId}/presence`
    const { body } = await test.api(path, { token: other.token })
    assert.deepEqual(body, { payload: [{ user_id: other.userId, status: 'online' }] })
    assert.deepEqual(statuses(watch, user), [])
    for (const one of [stream, watch]) one.close()
  })
})

describe('nodes', { skip: skipWithoutPostgres }, () => {
  it('notify each other who is online and who is typing', async (t) => {
    const node = await startNode(t, test, { presence: 60 })
    const user = await addUser(test, { inboxes: [1] })
    const here = await openStream(test)
    const there = await openStream(test, { ...user, url: node.url })
    await here.find(({ data }) => data.user_id === user.userId)
    assert.equal(await isOnline(user), true)
    await type({ typing_status: 'on' })
    for (const stream of [here, there]) await stream.find(({ name }) => name === 'typing')
    // With another stream on this node, the one on the other node is not the last.
    const another = await openStream(test, user)
    there.close()
    await sendMessage(test, 'in between')
    await here.find(({ data }) => data.content === 'in between')
    assert.equal(await isOnline(user), true)
    another.close()
    await here.find(({ data }) => data.user_id === user.userId && data.status === 'offline')
    assert.deepEqual(statuses(here, user), ['online', 'offline'])
    here.close()
  })

  it('tell their readers of a status that was chosen on another node', async (t) => {
    const node = await startNode(t, test, { presence: 60 })
    const user = await addUser(test)
    const own = await openStream(test, user)
    const there = await openStream(test, { url: node.url })
    await test.api('//api/v1/profile', { method: 'PATCH', body: { availability: 'busy' }, token: user.token })
    await there.find(({ data }) => data.user_id === user.userId && data.status === 'busy')
    for (const stream of [own, there]) stream.close()
  })

  it('get the users who are online from the others when they start', async (t) => {
    const user = await addUser(test)
    const stream = await openStream(test, user)
    const node = await startNode(t, test)
    const isThere = async () =>
      (await listPresence(node.database, 1)).some(({ user_id }) => user_id === user.userId)
    await eventually(isThere)
    stream.close()
    await eventually(async () => !(await isThere()))
  })

  it('set the users of a dead node offline', async (t) => {
    const user = await addUser(test)
    const watch = await openStream(test)
    const silent = { kind: 'here', account: 1, node: 'a node that died', users: [user.userId] }
    // The pause is longer than a node may be silent, so each signal is a new "online", even if the first one came before
    // the stream.
    const announce = () => void test.app.database.notify('ndoto_signals', JSON.stringify(silent))
    announce()
    const again = setInterval(announce, 500)
    t.after(() => clearInterval(again))
    await watch.find(({ data }) => data.user_id === user.userId && data.status === 'online')
    await watch.find(({ data }) => data.user_id === user.userId && data.status === 'offline')
    watch.close()
  })

  it('ignore signals that they do not understand', async () => {
    for (const text of [
      'nonsense',
      '{"kind":"of a newer version"}',
      'null',
      '[]',
      '5',
      '{"kind":"typing"}',
    ]) {
      await test.app.database.notify('ndoto_signals', text)
    }
    const watch = await openStream(test)
    await type({ typing_status: 'on' })
    await watch.find(({ name }) => name === 'typing')
    watch.close()
  })
})
