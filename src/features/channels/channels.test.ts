import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, describe, it } from 'node:test'
import { Type } from 'typebox'
import { assertRefused, readAllRows, sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { featuresWith } from '../../../test/channels.ts'
import { skipWithoutPostgres } from '../../../test/databases.ts'
import { eventsOf } from '../../../test/events.ts'
import { eventually } from '../../../test/eventually.ts'
import { addInbox, addUser } from '../../../test/factories.ts'
import { type App, type Overrides, startApp } from '../../app.ts'
import type { Context } from '../../http/feature.ts'
import { nullable, secretText } from '../../lib/schema.ts'
import { reportDelivery } from '../customers/delivery-status.ts'
import { type Incoming, receive } from '../customers/receive.ts'
import type { Channel, Outcome, Outgoing } from './channel.ts'
import { record, sendMessage as sendThroughChannel } from './outgoing.ts'

const settings = Type.Object({
  number: Type.String({ pattern: '^\\+', errorMessage: 'must begin with +' }),
  key: secretText(100),
  region: Type.Optional(nullable(Type.String())),
})

/** A channel whose connections and messages a test looks at. */
class Pager implements Channel<typeof settings> {
  readonly type = 'pager'
  readonly settings = settings
  readonly programsMayWriteAsContact = false
  readonly reportsDelivery = true
  readonly isOpenToCustomers = false
  /** The open connections, as `inbox number`. */
  readonly open: string[] = []
  readonly sent: Outgoing<{ number: string; key: string }>[] = []
  context: Context | undefined
  outcome: Outcome = { state: 'sent', sourceId: 'out-1' }
  failures = 0

  verify = ({ number }: { number: string }) =>
    number === '+0' ? [{ field: 'number', message: 'has no owner' }] : []

  check = async ({ settings: { key } }: { settings: { key: string } }) =>
    key === 'wrong' ? [{ field: 'key', message: 'was refused' }] : []

  listen: NonNullable<Channel<typeof settings>['listen']> = async (inbox, context, signal) => {
    this.context = context
    if (this.failures > 0) throw new Error(`failure ${this.failures--}`)
    const connection = `${inbox.id} ${inbox.settings.number}`
    this.open.push(connection)
    if (!signal.aborted) await once(signal, 'abort')
    this.open.splice(this.open.indexOf(connection), 1)
  }

  send: NonNullable<Channel<typeof settings>['send']> = async (outgoing) => {
    this.sent.push(outgoing)
    return this.outcome
  }
}

const pager = new Pager()
const overrides: Overrides = { features: featuresWith(pager as never), intervals: { lease: 100 } }
const channel = { type: 'pager', number: '+1', key: 'SECRET-KEY' }

let test: TestApp
before(async () => {
  test = await startTestApp({}, overrides)
})
after(() => test.close())

const create = (body: object) => test.api('/inboxes', { method: 'POST', body: { name: 'Pager', ...body } })
const change = (id: number, body: object) => test.api(`/inboxes/${id}`, { method: 'PATCH', body })
const addPager = async (): Promise<number> => (await create({ channel })).body.id
const contextOf = () => eventually(() => pager.context, 'the context of the server')
const of = (id: number) => ({ account_id: 1, id })
let count = 0
const incoming = (more: Partial<Incoming> = {}): Incoming => ({
  source_id: `in-${++count}`,
  identity: '+49170',
  content: 'Hello',
  ...more,
})

describe('The settings of a channel', () => {
  it('are checked by its schema and its own rules, and described in OpenAPI', async () => {
    const refused: [object, RegExp][] = [
      [{ type: 'smoke' }, /^channel.type must be one of api, web_widget, email, pager$/],
      [{}, /^channel.type is required$/],
      [{ type: 'pager', number: '+1' }, /^channel.key is required$/],
      [{ ...channel, number: '1' }, /^channel.number must begin with \+$/],
      [{ ...channel, number: '+0' }, /^channel.number has no owner$/],
      [
        { ...channel, webhook_url: 'https://example.com/' },
        /^channel.webhook_url can be set for api inboxes only$/,
      ],
      [
        { ...channel, hmac_mandatory: true },
        /^channel.hmac_mandatory can be set for api, web_widget inboxes only$/,
      ],
      [{ type: 'api', number: '+1' }, /^channel.number can be set for pager inboxes only$/],
    ]
    for (const [channel, sentence] of refused) assertRefused(await create({ channel }), 422, sentence)
    assert.match(JSON.stringify(test.app.server.swagger()), /"pager"/)
  })

  it('are stored encrypted, and shown without secrets to administrators with the scope admin only', async () => {
    let body: { id: number; channel_settings: object } | undefined
    const [created] = await eventsOf(test, async () => {
      body = (await create({ channel })).body
    })
    const { id } = body!
    assert.deepEqual(body!.channel_settings, { number: '+1', key: null })
    assert.ok(!JSON.stringify(await readAllRows(test)).includes('SECRET-KEY'), 'it is stored encrypted')
    assert.equal(created!.data.inbox.channel_settings, null)
    const { token } = await addUser(test, { role: 'administrator', scopes: ['write'] })
    assert.equal((await test.api(`/inboxes/${id}`, { token })).body.channel_settings, null)
    const shown = (await test.api(`/inboxes/${id}`)).body
    assert.deepEqual([shown.hmac_token, shown.webhook_url, shown.widget], [null, null, null])
  })

  it('keep the fields that a change leaves out, also secret ones', async () => {
    const id = await addPager()
    const { body } = await change(id, { channel: { region: 'eu' } })
    assert.deepEqual(body.channel_settings, { number: '+1', key: null, region: 'eu' })
    assertRefused(await change(id, { channel: { number: '+0' } }), 422, /^channel.number has no owner$/)
    const check = () => test.api(`/inboxes/${id}/check`, { method: 'POST' })
    assert.deepEqual((await check()).body, { payload: [] })
    assert.equal((await change(id, { channel: { key: 'wrong' } })).status, 200)
    assert.deepEqual((await check()).body, { payload: [{ field: 'channel.key', message: 'was refused' }] })
  })
})

describe('A message that an agent writes', () => {
  const send = (content: string, conversation_id: number, more = {}) =>
    sendMessage(test, content, more, conversation_id)
  const contents = () => pager.sent.map(({ message }) => message.content)
  const statusOf = async (conversation_id: number, id: number) =>
    (await test.api(`/conversations/${conversation_id}/messages/${id}`)).body

  it('is sent once through the channel, in order, and notes are not', async () => {
    const inbox = of(await addPager())
    const received = await receive(await contextOf(), inbox, incoming({ identity: '+41' }))
    assert.ok(received.state === 'stored')
    const { conversation_id } = received
    pager.sent.length = 0
    pager.outcome = { state: 'sent' }
    await send('A note', conversation_id, { private: true })
    await send('Sent by another program', conversation_id, { source_id: 'elsewhere' })
    for (const content of ['One', 'Two', 'Three']) await send(content, conversation_id)
    await eventually(() => pager.sent.length === 3)
    assert.deepEqual(contents(), ['One', 'Two', 'Three'])
    assert.deepEqual([pager.sent[0]!.identity, pager.sent[0]!.inbox.settings.key], ['+41', 'SECRET-KEY'])
    pager.outcome = { state: 'sent', sourceId: 'sent-1' }
    const { id } = await send('Four', conversation_id)
    await eventually(async () => (await statusOf(conversation_id, id)).source_id === 'sent-1')
    pager.outcome = { state: 'failed', reason: 'The number does not exist.' }
    const { id: failedId } = await send('Five', conversation_id)
    const failed = await eventually(async () => {
      const message = await statusOf(conversation_id, failedId)
      return message.status === 'failed' && message
    })
    assert.equal(failed.content_attributes.external_error, 'The number does not exist.')
    assert.equal(pager.sent.length, 5)
    pager.outcome = { state: 'sent', sourceId: 'out-1' }
  })

  it('has its attempts recorded, also if the reason of a failure is not a text that can be stored', async () => {
    const inbox = of(await addPager())
    const received = await receive(await contextOf(), inbox, incoming({ identity: '+43' }))
    assert.ok(received.state === 'stored')
    pager.outcome = { state: 'retry', reason: 'Half of a smile: \ud83d, and \0' }
    await send('Hello', received.conversation_id)
    const attempts = test.app.database.read.sql.selectFrom('delivery_attempts').select('error')
    await eventually(async () => {
      const errors = (await attempts.execute()).map(({ error }) => error)
      return errors.includes('Half of a smile: \ufffd, and \ufffd')
    })
    pager.outcome = { state: 'sent', sourceId: 'out-1' }
  })
})

describe('An inbox of a channel that is closed to customers and programs', () => {
  it('is unknown to the client API', async () => {
    const { body } = await create({ channel })
    const path = `//public/api/v1/inboxes/${body.inbox_identifier}`
    assertRefused(await test.api(path, { token: null }), 404, /^inbox not found$/)
    const contact = await test.api(`${path}/contacts`, { method: 'POST', token: null, body: {} })
    assertRefused(contact, 404, /^inbox not found$/)
    const { contact_inboxes } = (await test.api('/contacts', { method: 'POST', body: { inbox_id: body.id } }))
      .body
    const own = await test.api(`${path}/contacts/${contact_inboxes[0].source_id}`, { token: null })
    assertRefused(own, 404, /^contact not found$/)
  })

  it('gets no messages of the contact from programs', async () => {
    const id = await addPager()
    const received = await receive(await contextOf(), of(id), incoming({ identity: 'program' }))
    assert.ok(received.state === 'stored')
    const path = `/conversations/${received.conversation_id}/messages`
    const body = { content: 'x', message_type: 'incoming' }
    const rule = /^message_type must be outgoing: programs can write as the contact only in api inboxes$/
    assertRefused(await test.api(path, { method: 'POST', body }), 422, rule)
  })
})

describe('A message that a channel receives', () => {
  it('creates contact and conversation, and later messages join them', async () => {
    const id = await addPager()
    const context = await contextOf()
    const contact = { name: 'Ann\0', email: 'ann@example.com' }
    const first = await receive(context, of(id), incoming({ identity: 'ann', contact }))
    assert.ok(first.state === 'stored')
    const path = `/conversations/${first.conversation_id}`
    const { contact: sender, unread_count } = (await test.api(path)).body
    assert.deepEqual([sender.name, sender.email, unread_count], ['Ann', 'ann@example.com', 1])
    await test.api(`${path}/toggle_status`, { method: 'POST', body: { status: 'resolved' } })
    const second = await receive(context, of(id), incoming({ identity: 'ann', content: 'Again' }))
    assert.ok(second.state === 'stored' && second.conversation_id === first.conversation_id)
    assert.equal((await test.api(path)).body.status, 'open')
    const { payload } = (await test.api(`${path}/messages`)).body
    assert.deepEqual(
      payload
        .filter((one: { message_type: string }) => one.message_type === 'incoming')
        .map((one: { source_id: string; content: string }) => one.content),
      ['Hello', 'Again'],
    )
  })

  it('is from the contact with the same e-mail address or phone number, whom it does not change', async () => {
    const id = await addPager()
    const { body } = await test.api('/contacts', {
      method: 'POST',
      body: { name: 'Bo', email: 'bo@example.com' },
    })
    const contact = { name: 'Other', email: 'BO@example.com', phone_number: '+15557001' }
    const received = await receive(await contextOf(), of(id), incoming({ identity: 'bo', contact }))
    assert.ok(received.state === 'stored')
    const { contact: sender } = (await test.api(`/conversations/${received.conversation_id}`)).body
    assert.deepEqual([sender.id, sender.name], [body.id, 'Bo'])
    const wrong = incoming({ identity: 'bo2', contact: { email: 'none' } })
    await assert.rejects(
      receive(await contextOf(), of(id), wrong),
      /^Error: contact.email must look like name@/,
    )
  })

  it('goes to the conversation of its thread, and to a new one if no message of the thread is known', async () => {
    const id = await addPager()
    const context = await contextOf()
    const send = async (more: Partial<Incoming>) => {
      const received = await receive(context, of(id), incoming({ identity: 'cy', ...more }))
      assert.ok(received.state === 'stored')
      return received.conversation_id
    }
    const one = await send({ source_id: 'thread-1', thread: [] })
    const two = await send({ source_id: 'thread-2', thread: ['unknown'] })
    assert.notEqual(two, one)
    assert.equal(await send({ thread: ['unknown', 'thread-1'] }), one)
    // Somebody else who names the thread does not get into the conversation.
    assert.notEqual(await send({ identity: 'eve', thread: ['thread-1'] }), one)
  })

  it('is stored once, however often and at how many nodes it arrives at once', async (t) => {
    const id = await addPager()
    const contexts = [await contextOf()]
    const other = skipWithoutPostgres ? undefined : await startNode(t)
    if (other) contexts.push({ ...contexts[0]!, database: other.database })
    // The other node may have opened the inbox of another test.
    t.after(() => {
      pager.context = contexts[0]!
    })
    const message = incoming({ identity: 'many', files: [{ name: 'a.txt', content: Buffer.from('A FILE') }] })
    const all = await Promise.all(
      Array.from({ length: 10 }, (_, i) => receive(contexts[i % contexts.length]!, of(id), message)),
    )
    assert.equal(all.filter(({ state }) => state === 'stored').length, 1)
    assert.equal(new Set(all.map((one) => (one.state === 'blocked' ? 0 : one.id))).size, 1)
    const [first] = all
    assert.ok(first && first.state !== 'blocked')
    const { payload } = (await test.api(`/conversations/${first.conversation_id}/messages`)).body
    assert.deepEqual(
      payload.map((one: { attachments: { file_name: string }[] }) =>
        one.attachments.map((file) => file.file_name),
      ),
      [['a.txt']],
    )
  })

  it('is dropped if the contact is blocked, and refused if it breaks a rule or the inbox is gone', async () => {
    const id = await addPager()
    const context = await contextOf()
    const first = await receive(context, of(id), incoming({ identity: 'blocked' }))
    assert.ok(first.state === 'stored')
    const { contact: sender } = (await test.api(`/conversations/${first.conversation_id}`)).body
    await test.api(`/contacts/${sender.id}`, { method: 'PATCH', body: { blocked: true } })
    const second = await receive(context, of(id), incoming({ identity: 'blocked' }))
    assert.deepEqual(second, { state: 'blocked' })
    await assert.rejects(receive(context, of(id), incoming({ content: ' ' })), /content must not be empty/)
    await assert.rejects(receive(context, of(id), incoming({ identity: '' })), /identity must have 1 to 255/)
    await assert.rejects(receive(context, of(99_999), incoming()), /inbox not found/)
  })
})

describe('A message to a contact', () => {
  const begin = async () => {
    const id = await addPager()
    const context = await contextOf()
    const received = await receive(context, of(id), incoming({ identity: `to-${++count}` }))
    assert.ok(received.state === 'stored')
    const message = await sendMessage(test, 'Answer', {}, received.conversation_id)
    const ref = { account_id: 1, conversation_id: received.conversation_id, id: message.id as number }
    const read = async () => (await test.api(`/conversations/${ref.conversation_id}/messages/${ref.id}`)).body
    return { id, context, ref, read, signal: new AbortController().signal }
  }

  it('is sent once with what the channel needs, and becomes delivered and read when it says so', async () => {
    const { id, context, ref, read, signal } = await begin()
    const sourceId = `out-${ref.id}`
    pager.outcome = { state: 'sent', sourceId }
    const outcome = await sendThroughChannel(context, ref, signal)
    assert.deepEqual(outcome, pager.outcome)
    const { inbox, message, identity, replyTo } = pager.sent.at(-1)!
    assert.deepEqual(
      [inbox.settings.key, message.content, identity!.slice(0, 3)],
      ['SECRET-KEY', 'Answer', 'to-'],
    )
    assert.match(replyTo!, /^in-/)
    assert.equal(await reportDelivery(context, of(id), sourceId, { status: 'read' }), false)
    await context.database.transaction(1, (tx) => record(tx, ref, outcome!))
    assert.equal((await read()).source_id, sourceId)
    assert.equal(await sendThroughChannel(context, ref, signal), undefined)
    assert.equal(await reportDelivery(context, of(id), sourceId, { status: 'read' }), true)
    assert.equal(await reportDelivery(context, of(id), sourceId, { status: 'delivered' }), true)
    assert.equal((await read()).status, 'read')
  })

  it('becomes failed with the reason, which agents see', async () => {
    const { context, ref, read, signal } = await begin()
    pager.outcome = { state: 'failed', reason: 'The number does not exist.' }
    const outcome = await sendThroughChannel(context, ref, signal)
    await context.database.transaction(1, (tx) => record(tx, ref, outcome!))
    const { status, content_attributes } = await read()
    assert.deepEqual([status, content_attributes.external_error], ['failed', 'The number does not exist.'])
  })

  it('is not sent if it is private, was deleted, or came from the contact', async () => {
    const { context, ref, signal } = await begin()
    const path = `/conversations/${ref.conversation_id}/messages`
    const note = await sendMessage(test, 'Note', { private: true }, ref.conversation_id)
    assert.equal((await test.api(`${path}/${ref.id}`, { method: 'DELETE' })).status, 200)
    const all = (await test.api(path)).body.payload as { id: number; message_type: string }[]
    const received = all.find(({ message_type }) => message_type === 'incoming')!
    const before = pager.sent.length
    for (const id of [ref.id, note.id, received.id]) {
      assert.equal(await sendThroughChannel(context, { ...ref, id }, signal), undefined)
    }
    assert.equal(pager.sent.length, before)
  })
})

describe('The connection of an inbox', () => {
  const isOpen = (connection: string) => pager.open.includes(connection)

  it('is open on one node as long as the inbox exists, with its newest settings', async () => {
    const id = await addPager()
    await eventually(() => isOpen(`${id} +1`))
    await change(id, { channel: { number: '+2' } })
    await eventually(() => isOpen(`${id} +2`) && !isOpen(`${id} +1`))
    await test.api(`/inboxes/${id}`, { method: 'DELETE' })
    await eventually(() => !isOpen(`${id} +2`))
  })

  it('is opened again after it has failed', async () => {
    pager.failures = 2
    const id = await addPager()
    await eventually(() => isOpen(`${id} +1`))
  })

  it('is open once with several nodes, and moves when its node stops', {
    skip: skipWithoutPostgres,
  }, async (t) => {
    const other = await startNode(t)
    const id = await addPager()
    await eventually(() => isOpen(`${id} +1`))
    await new Promise((resolve) => setTimeout(resolve, 500))
    assert.equal(pager.open.filter((one) => one === `${id} +1`).length, 1)
    await other.close()
    await eventually(() => isOpen(`${id} +1`))
  })

  it('is taken over after a node has crashed, when its lease has ended', {
    skip: skipWithoutPostgres,
  }, async () => {
    const id = await addPager()
    await eventually(() => isOpen(`${id} +1`))
    const steal = (expires_at: number) =>
      test.app.database.transaction(null, (tx) =>
        tx.sql
          .updateTable('inbox_leases')
          .set({ holder: 'a crashed node', expires_at })
          .where('inbox_id', '=', id)
          .execute(),
      )
    await steal(Date.now() + 1500)
    await eventually(() => !isOpen(`${id} +1`))
    const start = performance.now()
    await eventually(() => isOpen(`${id} +1`))
    assert.ok(performance.now() - start < 10_000)
  })

  it('is closed before the server has stopped', async () => {
    const id = await addPager()
    await eventually(() => isOpen(`${id} +1`))
    await test.app.close()
    assert.deepEqual(pager.open, [])
    await test.restart()
  })
})

describe('An inbox of a channel that the server no longer has', () => {
  it('can be read, renamed and deleted', async () => {
    const inboxId = await addInbox(test, { channel_type: 'fax' })
    const { body } = await test.api(`/inboxes/${inboxId}`)
    assert.deepEqual([body.channel_type, body.channel_settings], ['fax', {}])
    assert.equal((await change(inboxId, { name: 'Old fax' })).status, 200)
    assert.equal((await test.api(`/inboxes/${inboxId}`, { method: 'DELETE' })).status, 204)
  })
})

async function startNode(t: { after(clean: () => unknown): void }): Promise<App> {
  const node = await startApp({ ...test.config, port: 0 }, overrides)
  t.after(() => node.close())
  return node
}
