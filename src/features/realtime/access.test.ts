import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { skipWithoutPostgres } from '../../../test/databases.ts'
import { type EventStream, openStream } from '../../../test/event-stream.ts'
import { eventually } from '../../../test/eventually.ts'
import { addAccount, addInbox, addTestConversation, addUser } from '../../../test/factories.ts'
import { startNode } from '../../../test/nodes.ts'
import type { Queries } from '../../db/database.ts'
import { logAccessChange } from '../../events/access.ts'
import { appendEvent } from '../../events/append.ts'
import { systemOf } from '../../lib/actor.ts'
import { addInboxMember } from '../inboxes/service.ts'
import { logAccessChanges } from '../users/access.ts'

let test: TestApp
let inbox: number
let conversation: number
before(async () => {
  test = await startTestApp()
  inbox = await addInbox(test)
  conversation = await addTestConversation(test, { inboxId: inbox })
})
after(() => test.close())

const change = (work: (tx: Queries) => Promise<unknown>) => test.app.database.transaction(1, work)
const contents = (stream: EventStream) => stream.logged.map(({ data }) => data.content).filter(Boolean)

let sentinels = 0
/** Waits until streams have got all events so far: every agent gets those of contacts. */
async function settled(...streams: EventStream[]): Promise<void> {
  const name = `Sentinel ${++sentinels}`
  await test.api('/contacts', { method: 'POST', body: { name } })
  await Promise.all(streams.map((stream) => stream.find(({ data }) => data.contact?.name === name)))
}

async function leave(userId: number, isLogged = true): Promise<void> {
  await change(async (tx) => {
    const members = tx.sql.deleteFrom('inbox_members').where('account_id', '=', 1)
    await members.where('inbox_id', '=', inbox).where('user_id', '=', userId).execute()
    if (isLogged) await logAccessChange(tx, 1, userId)
  })
}

describe('an agent', () => {
  it('gets the events of their own inboxes, including notes, and of contacts', async () => {
    const agent = await addUser(test, { inboxes: [inbox] })
    const stream = await openStream(test, agent)
    await sendMessage(test, 'elsewhere')
    await sendMessage(test, 'here', {}, conversation)
    await sendMessage(test, 'a note', { private: true }, conversation)
    await settled(stream)
    assert.deepEqual(contents(stream), ['here', 'a note'])
    stream.close()
  })

  it('gets no events of conversations without a membership, while an administrator gets all', async () => {
    const agent = await openStream(test, await addUser(test))
    const administrator = await openStream(test)
    const body = { inbox_id: inbox, contact_id: 1, message: { content: 'first' } }
    assert.equal((await test.api('/conversations', { method: 'POST', body })).status, 201)
    await settled(agent, administrator)
    assert.deepEqual(
      agent.logged.map(({ name }) => name),
      ['contact_created'],
    )
    assert.deepEqual(
      administrator.logged.map(({ name }) => name),
      ['conversation_created', 'message_created', 'contact_created'],
    )
    for (const stream of [agent, administrator]) stream.close()
  })

  it('gets missed events only if they may still see them', async () => {
    const agent = await addUser(test, { inboxes: [inbox] })
    const { cursor, close } = await openStream(test, agent)
    close()
    await sendMessage(test, 'missed', {}, conversation)
    await leave(agent.userId)
    const stream = await openStream(test, { ...agent, query: `after=${cursor}` })
    await settled(stream)
    assert.deepEqual(contents(stream), [])
    stream.close()
  })

  it('gets the events of an inbox as soon as they join it, and no longer after they leave it', async () => {
    const agent = await addUser(test)
    const stream = await openStream(test, agent)
    await sendMessage(test, 'not a member yet', {}, conversation)
    // Otherwise the hub could read it together with the event that they have joined, and would deliver it.
    await settled(stream)
    await change((tx) => addInboxMember(tx, 1, inbox, agent.userId))
    await sendMessage(test, 'a member', {}, conversation)
    await stream.find(({ data }) => data.content === 'a member')
    await leave(agent.userId)
    await sendMessage(test, 'no longer a member', {}, conversation)
    await settled(stream)
    assert.deepEqual(contents(stream), ['a member'])
    stream.close()
  })

  it('continues to get events if the log does not contain that they have left', async () => {
    const agent = await addUser(test, { inboxes: [inbox] })
    const stream = await openStream(test, agent)
    // Otherwise the event that they have joined could make the stream verify its access after they have left.
    await settled(stream)
    await leave(agent.userId, false)
    await sendMessage(test, 'delivered', {}, conversation)
    await settled(stream)
    assert.deepEqual(contents(stream), ['delivered'])
    stream.close()
  })

  it('gets all events once they are an administrator', async () => {
    const agent = await addUser(test)
    const stream = await openStream(test, agent)
    await change(async (tx) => {
      const member = tx.sql.updateTable('account_users').set({ role: 'administrator' })
      await member.where('account_id', '=', 1).where('user_id', '=', agent.userId).execute()
      await logAccessChange(tx, 1, agent.userId)
    })
    await sendMessage(test, 'promoted', {}, conversation)
    await stream.find(({ data }) => data.content === 'promoted')
    stream.close()
  })

  it('does not get events for the server itself', async () => {
    const stream = await openStream(test)
    await change((tx) => logAccessChange(tx, 1, 1))
    await settled(stream)
    assert.deepEqual(
      stream.logged.map(({ name }) => name),
      ['contact_created'],
    )
    stream.close()
  })
})

describe('a stream ends', () => {
  const revoke = (userId: number) =>
    change(async (tx) => {
      await tx.sql.deleteFrom('access_tokens').where('user_id', '=', userId).execute()
      await logAccessChanges(tx, userId)
    })

  it('when its token is revoked, before it gets later events', async () => {
    const agent = await addUser(test, { inboxes: [inbox] })
    const other = await openStream(test, await addUser(test, { inboxes: [inbox] }))
    const stream = await openStream(test, agent)
    await revoke(agent.userId)
    await sendMessage(test, 'after the end', {}, conversation)
    await other.find(({ data }) => data.content === 'after the end')
    await eventually(() => stream.ended)
    assert.deepEqual(contents(stream), [])
    assert.equal(other.ended, false)
    other.close()
    assertRefused(await test.api('/events', { token: agent.token }), 401, /access token/)
  })

  it('when its user is no longer a member of the account', async () => {
    const agent = await addUser(test)
    const stream = await openStream(test, agent)
    await change(async (tx) => {
      await tx.sql.deleteFrom('account_users').where('user_id', '=', agent.userId).execute()
      await logAccessChange(tx, 1, agent.userId)
    })
    await eventually(() => stream.ended)
  })

  it('when its session is signed out', async () => {
    const password = 'correct horse battery'
    const own = await startTestApp({ NDOTO_ADMIN_PASSWORD: password })
    const body = { email: 'admin@example.com', password }
    const signedIn = await own.api('//auth/sign_in', { method: 'POST', body, token: null })
    assert.equal(signedIn.status, 200, JSON.stringify(signedIn.body))
    const cookie = signedIn.headers.get('set-cookie')!.split(';')[0]!
    const stream = await openStream(own, { token: '', headers: { cookie } })
    await sendMessage(own, 'while signed in')
    await stream.find(({ data }) => data.content === 'while signed in')
    const headers = { cookie, origin: own.app.url }
    await own.api('//auth/sign_out', { method: 'POST', token: null, headers })
    await eventually(() => stream.ended)
    await own.close()
  })

  it('at the next heartbeat if no event was logged', async () => {
    const quick = await startTestApp({}, { intervals: { heartbeat: 30 } })
    const { userId, token } = await addUser(quick)
    const expired = await addUser(quick, { expiresAt: Date.now() + 300 })
    const streams = [await openStream(quick, { token }), await openStream(quick, expired)]
    await quick.app.database.transaction(1, async (tx) => {
      await tx.sql.deleteFrom('access_tokens').where('user_id', '=', userId).execute()
    })
    await eventually(() => streams.every(({ ended }) => ended))
    await quick.close()
  })
})

describe('another node', { skip: skipWithoutPostgres }, () => {
  it('applies a new membership, its end, and the end of a token at once', async (t) => {
    const node = await startNode(t, test)
    const agent = await addUser(test)
    const stream = await openStream(test, { ...agent, url: node.url })
    await change((tx) => addInboxMember(tx, 1, inbox, agent.userId))
    await sendMessage(test, 'a member', {}, conversation)
    await stream.find(({ data }) => data.content === 'a member')
    await leave(agent.userId)
    await sendMessage(test, 'no longer a member', {}, conversation)
    await settled(stream)
    await change(async (tx) => {
      await tx.sql.deleteFrom('access_tokens').where('user_id', '=', agent.userId).execute()
      await logAccessChanges(tx, agent.userId)
    })
    await eventually(() => stream.ended)
    assert.deepEqual(contents(stream), ['a member'])
  })
})

describe('another account', () => {
  it('gets no events of this one, and has its own positions', async () => {
    const other = await addAccount(test)
    const stream = await openStream(test, other)
    assert.ok(stream.cursor! < 10)
    await sendMessage(test, 'ours')
    const event = {
      name: 'message_created',
      audience: 'agents',
      inbox_id: 1,
      data: '{"theirs":true}',
    } as const
    await test.app.database.transaction(other.accountId, (tx) =>
      appendEvent(tx, systemOf(other.accountId), event),
    )
    await stream.find(({ data }) => data.theirs)
    assert.equal(stream.logged.length, 1)
    stream.close()
  })

  it('is refused with 403', async () => {
    const { token } = await addAccount(test)
    assertRefused(await test.api('/events', { token }), 403, /member of this account/)
    assertRefused(await test.api('/presence', { token }), 403, /member of this account/)
  })
})
