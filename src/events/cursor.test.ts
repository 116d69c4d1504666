import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import pg from 'pg'
import { type ApiResponse, sendMessage, startTestApp, type TestApp } from '../../test/app.ts'
import { skipWithoutPostgres } from '../../test/databases.ts'
import { openStream } from '../../test/event-stream.ts'
import { eventually } from '../../test/eventually.ts'
import { startNode } from '../../test/nodes.ts'
import { systemOf } from '../lib/actor.ts'
import { appendEvent } from './append.ts'
import { readEvents } from './read.ts'

let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => test.close())

const event = { name: 'message_created', audience: 'agents', inbox_id: 1 } as const

describe('A transaction that is rolled back', () => {
  it('leaves neither an event nor a gap', async () => {
    const stream = await openStream(test)
    await sendMessage(test, 'before')
    const undone = test.app.database.transaction(1, async (tx) => {
      await appendEvent(tx, systemOf(1), { ...event, data: '{"content":"undone"}' })
      throw new Error('on purpose')
    })
    await assert.rejects(undone, /on purpose/)
    await sendMessage(test, 'after')
    await stream.find(({ data }) => data.content === 'after')
    assert.deepEqual(
      stream.logged.map(({ id, data }) => [id! - stream.logged[0]!.id!, data.content]),
      [
        [0, 'before'],
        [1, 'after'],
      ],
    )
    stream.close()
  })
})

describe('An event that is committed late', { skip: skipWithoutPostgres }, () => {
  async function connected(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: test.config.databaseUrl! })
    await client.connect()
    return client
  }

  /** Appends an event and leaves its transaction open, like a slow writer on any node. */
  async function openSlowly(content: string) {
    const client = await connected()
    await client.query('begin')
    await client.query(
      `insert into events (account_id, name, audience, inbox_id, data, created_at)
        values (1, 'message_created', 'agents', 1, $1, 0)`,
      [JSON.stringify({ content })],
    )
    return async (end: 'commit' | 'rollback') => {
      await client.query(end)
      await client.end()
    }
  }

  /** A reader whose cursor is the id, which is assigned before the commit. It misses events, so nothing uses it. */
  async function naiveReader() {
    const client = await connected()
    const { rows } = await client.query('select max(id) as last from events')
    let last = rows[0].last as string
    return {
      async read(): Promise<string[]> {
        const { rows } = await client.query('select id, data from events where id > $1 order by id', [last])
        if (rows.length > 0) last = rows.at(-1).id
        return rows.map(({ data }) => JSON.parse(data).content)
      },
      close: () => client.end(),
    }
  }

  it('is missed by a reader whose cursor is the order of writing, but by no stream', async () => {
    const naive = await naiveReader()
    const stream = await openStream(test)
    const end = await openSlowly('late')
    await sendMessage(test, 'early')
    await stream.find(({ data }) => data.content === 'early')
    assert.deepEqual(await naive.read(), ['early'])
    await end('commit')
    await stream.find(({ data }) => data.content === 'late')
    assert.deepEqual(
      await naive.read(),
      [],
      'the naive reader has not missed it, so this test proves nothing',
    )
    await sendMessage(test, 'later')
    await stream.find(({ data }) => data.content === 'later')
    assert.deepEqual(
      stream.logged.map(({ id, data }) => [id! - stream.logged[0]!.id!, data.content]),
      [
        [0, 'early'],
        [1, 'late'],
        [2, 'later'],
      ],
    )
    // A reader that resumes before it gets it in the same order.
    const again = await openStream(test, { query: `after=${stream.logged[0]!.id}` })
    await again.find(({ data }) => data.content === 'later')
    assert.deepEqual(again.logged, stream.logged.slice(1))
    for (const one of [stream, again]) one.close()
    await naive.close()
  })

  it('does not exist, and leaves no gap, if its transaction is rolled back instead', async () => {
    const stream = await openStream(test)
    const end = await openSlowly('never')
    await sendMessage(test, 'one')
    await end('rollback')
    await sendMessage(test, 'two')
    await stream.find(({ data }) => data.content === 'two')
    assert.deepEqual(
      stream.logged.map(({ id, data }) => [id! - stream.logged[0]!.id!, data.content]),
      [
        [0, 'one'],
        [1, 'two'],
      ],
    )
    stream.close()
  })

  it('does not delay other events', async () => {
    const end = await openSlowly('held')
    const stream = await openStream(test)
    for (let count = 0; count < 20; count++) await sendMessage(test, `on ${count}`)
    await stream.find(({ data }) => data.content === 'on 19')
    await end('commit')
    await stream.find(({ data }) => data.content === 'held')
    stream.close()
  })

  it('gets its position together with the other events of its transaction, in each account', async () => {
    const own = async () => (await readEvents(test.app.database.read, 1, 0, 1000)).events.length
    const before = await own()
    await test.app.database.transaction(null, async (tx) => {
      for (const id of [2, 1, 2]) await appendEvent(tx, systemOf(id), { ...event, data: '{}' })
    })
    assert.equal(await own(), before + 1)
    const { events: others } = await readEvents(test.app.database.read, 2, 0, 10)
    assert.deepEqual(
      others.map(({ position }) => position),
      [1, 2],
    )
  })
})

describe('Two nodes', { skip: skipWithoutPostgres }, () => {
  it('send the events of a conversation in the order of their commits, and the same to all streams', async (t) => {
    const node = await startNode(t, test)
    const streams = [await openStream(test), await openStream(test, { url: node.url })]
    const post = async (url: string, content: string): Promise<ApiResponse['body']> => {
      const answer = await fetch(`${url}/api/v1/accounts/1/conversations/1/messages`, {
        method: 'POST',
        headers: { api_access_token: test.token, 'content-type': 'application/json' },
        body: JSON.stringify({ content, message_type: 'outgoing' }),
      })
      return answer.json()
    }
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let count = 0; count < 15; count++) {
        await post(writer % 2 ? node.url : test.app.url, `${writer}.${count}`)
      }
    })
    await Promise.all(writers)
    for (const stream of streams) await eventually(() => stream.named('message_created').length === 120)
    const [here, there] = streams.map(({ logged }) => logged)
    assert.deepEqual(here, there)
    // The id of a message is assigned while its conversation is locked.
    const { body } = await test.api('/conversations/1/messages')
    const committed = body.payload.slice(-120).map(({ id }: { id: number }) => id)
    assert.deepEqual(
      here!.map(({ data }) => data.id),
      committed,
    )
    for (const stream of streams) stream.close()
  })

  it('share one log without gaps', async () => {
    const positions = (await readEvents(test.app.database.read, 1, 0, 1000)).events.map(
      ({ position }) => position,
    )
    assert.deepEqual(
      positions,
      positions.map((_, index) => index + 1),
    )
  })
})
