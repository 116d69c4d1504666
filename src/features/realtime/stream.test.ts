import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { openStream } from '../../../test/event-stream.ts'
import { eventually } from '../../../test/eventually.ts'
import { addTestConversation } from '../../../test/factories.ts'
import { appendEvent } from '../../events/append.ts'
import { eventJson, readEvents } from '../../events/read.ts'
import { systemOf } from '../../lib/actor.ts'

let test: TestApp
before(async () => {
  test = await startTestApp({}, { intervals: { heartbeat: 50 } })
})
after(() => test.close())

const says = (content: string) => (event: { data: { content?: string } }) => event.data.content === content

describe('an event stream', () => {
  it('begins with its cursor, and with headers that prevent proxies from buffering it', async () => {
    const stream = await openStream(test)
    assert.ok(stream.cursor! > 0)
    assert.deepEqual(stream.logged, [])
    const { headers } = stream.response
    assert.equal(headers.get('content-type'), 'text/event-stream; charset=utf-8')
    assert.equal(headers.get('cache-control'), 'no-store, no-transform')
    assert.equal(headers.get('x-accel-buffering'), 'no')
    assert.ok(headers.get('x-request-id'))
    stream.close()
  })

  it('contains the events from then on, with the JSON and the position of the log', async () => {
    await sendMessage(test, 'before')
    const stream = await openStream(test)
    const from = stream.cursor!
    const message = await sendMessage(test, 'now')
    const { id, name, data } = await stream.find(says('now'))
    assert.equal(name, 'message_created')
    assert.equal(data.id, message.id)
    const { events: logged } = await readEvents(test.app.database.read, 1, from, 10)
    assert.deepEqual(
      logged.map((event) => ({ position: event.position, data: JSON.parse(eventJson(event)) })),
      [{ position: id, data }],
    )
    assert.ok(!stream.events.some(says('before')))
    stream.close()
  })

  for (const [way, resume] of [
    ['Last-Event-ID', (cursor: number) => ({ headers: { 'last-event-id': String(cursor) } })],
    ['after', (cursor: number) => ({ query: `after=${cursor}` })],
    [
      'Last-Event-ID, which has priority over after',
      (cursor: number) => ({ query: 'after=0', headers: { 'last-event-id': `${cursor}` } }),
    ],
  ] as const) {
    it(`resumes after the cursor in ${way}`, async () => {
      const first = await openStream(test)
      first.close()
      const sent = [
        await sendMessage(test, 'one'),
        await sendMessage(test, 'two'),
        await sendMessage(test, 'three'),
      ]
      const stream = await openStream(test, resume(first.cursor!))
      await stream.find(says('three'))
      const messages = stream.named('message_created')
      assert.deepEqual(
        messages.map(({ data }) => data.id),
        sent.map(({ id }) => id),
      )
      stream.close()
      const later = await openStream(test, resume(messages[0]!.id!))
      await later.find(says('three'))
      assert.deepEqual(later.named('message_created'), messages.slice(1))
      later.close()
    })
  }

  it('contains a thousand missed events, each once and in order', async () => {
    const { cursor, close } = await openStream(test)
    close()
    const event = {
      name: 'message_created',
      audience: 'agents',
      inbox_id: 1,
      data: '{"event":"message_created"}',
    } as const
    await test.app.database.transaction(1, async (tx) => {
      for (let count = 0; count < 1050; count++) await appendEvent(tx, systemOf(1), event)
    })
    const stream = await openStream(test, { query: `after=${cursor}` })
    await eventually(() => stream.named('message_created').length >= 1050)
    const ids = stream.logged.map(({ id }) => id)
    assert.deepEqual(
      ids,
      Array.from({ length: 1050 }, (_, number) => cursor! + 1 + number),
    )
    stream.close()
  })

  it('is counted in the metrics while it is open', async () => {
    const counted = async () =>
      Number(/^ndoto_event_streams (\d+)$/m.exec((await test.api('//metrics')).body)![1])
    await eventually(async () => (await counted()) === 0)
    const streams = [await openStream(test), await openStream(test)]
    assert.equal(await counted(), 2)
    for (const stream of streams) stream.close()
    await eventually(async () => (await counted()) === 0)
  })

  it('contains a comment at each heartbeat', async () => {
    const stream = await openStream(test)
    await eventually(() => stream.comments >= 3)
    assert.deepEqual(stream.logged, [])
    stream.close()
  })

  it('moves the cursor past events that it leaves out', async () => {
    const conversation = await addTestConversation(test)
    const stream = await openStream(test, { query: `conversation_id=${conversation}` })
    const from = stream.cursor!
    await sendMessage(test, 'elsewhere')
    await eventually(() => stream.cursor! > from)
    assert.deepEqual(stream.logged, [])
    stream.close()
  })

  it('starts over if the cursor is beyond the log', async () => {
    const stream = await openStream(test, { query: 'after=9007199254740991' })
    const reset = await stream.find(({ name }) => name === 'reset')
    await sendMessage(test, 'after the reset')
    const { id } = await stream.find(says('after the reset'))
    assert.ok(id! > reset.id!)
    assert.equal(stream.named('reset').length, 1)
    stream.close()
  })
})

describe('an event stream with a filter', () => {
  it('contains only the events of a conversation', async () => {
    const conversation = await addTestConversation(test)
    const stream = await openStream(test, { query: `conversation_id=${conversation}` })
    await sendMessage(test, 'elsewhere')
    await sendMessage(test, 'here', {}, conversation)
    await stream.find(says('here'))
    assert.deepEqual(
      stream.logged.map(({ data }) => data.content),
      ['here'],
    )
    stream.close()
  })

  it('contains only the events with certain names', async () => {
    const stream = await openStream(test, { query: 'events=message_updated,contact_created' })
    const { id } = await sendMessage(test, 'to be edited')
    const body = { content: 'edited' }
    await test.api(`/conversations/1/messages/${id}`, { method: 'PATCH', body })
    await test.api('/contacts', { method: 'POST', body: { name: 'Mary' } })
    await stream.find(({ name }) => name === 'contact_created')
    assert.deepEqual(
      stream.logged.map(({ name }) => name),
      ['message_updated', 'contact_created'],
    )
    stream.close()
  })

  for (const [what, query, status, sentence] of [
    ['an unknown event', 'events=message_created,nonsense', 400, /^events must be .*"nonsense"/],
    ['an event for the server itself', 'events=access_changed', 400, /^events must be/],
    ['no event', 'events=', 400, /^events must be/],
    ['a conversation that does not exist', 'conversation_id=999999', 404, /^conversation/],
    ['a conversation that is not a number', 'conversation_id=x', 400, /^conversation_id must be/],
    ['a cursor that is not a number', 'after=x', 400, /^after must be/],
    ['a cursor below 0', 'after=-1', 400, /^after must be/],
  ] as const) {
    it(`is refused for ${what}`, async () => {
      assertRefused(await test.api(`/events?${query}`), status, sentence)
    })
  }

  it('is refused for an invalid Last-Event-ID', async () => {
    const answer = await test.api('/events', { headers: { 'last-event-id': 'abc' } })
    assertRefused(answer, 400, /^Last-Event-ID must be/)
  })
})
