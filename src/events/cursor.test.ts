import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import pg from 'pg'
import { type Answer, say, startTestApp, type TestApp } from '../../test/app.ts'
import { skipWithoutServer } from '../../test/engines.ts'
import { eventually, hear } from '../../test/listener.ts'
import { startNode } from '../../test/nodes.ts'
import { appendEvent } from './append.ts'
import { readEvents } from './read.ts'

let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => test.close())

const event = { account_id: 1, name: 'message_created', audience: 'agents', inbox_id: 1 } as const

describe('A transaction that is rolled back', () => {
  it('leaves neither an event nor a gap', async () => {
    const stream = await hear(test)
    await say(test, 'before')
    const undone = test.app.database.transaction(1, async (tx) => {
      await appendEvent(tx, { ...event, data: '{"content":"undone"}' })
      throw new Error('on purpose')
    })
    await assert.rejects(undone, /on purpose/)
    await say(test, 'after')
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

describe('An event that is committed late', { skip: skipWithoutServer }, () => {
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
    const stream = await hear(test)
    const end = await openSlowly('late')
    await say(test, 'early')
    await stream.find(({ data }) => data.content === 'early')
    assert.deepEqual(await naive.read(), ['early'])
    await end('commit')
    await stream.find(({ data }) => data.content === 'late')
    assert.deepEqual(
      await naive.read(),
      [],
      'the naive reader has not missed it, so this test proves nothing',
    )
    await say(test, 'later')
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
    const again = await hear(test, { query: `after=${stream.logged[0]!.id}` })
    await again.find(({ data }) => data.content === 'later')
    assert.deepEqual(again.logged, stream.logged.slice(1))
    for (const one of [stream, again]) one.close()
    await naive.close()
  })

  it('does not exist, and leaves no gap, if its transaction is rolled back instead', async () => {
    const stream = await hear(test)
    const end = await openSlowly('never')
    await say(test, 'one')
    await end('rollback')
    await say(test, 'two')
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
    const stream = await hear(test)
    for (let count = 0; count < 20; count++) await say(test, `on ${count}`)
    await stream.find(({ data }) => data.content === 'on 19')
    await end('commit')
    await stream.find(({ data }) => data.content === 'held')
    stream.close()
  })

  it('gets its position together with the other events of its transaction, in each account', async () => {
    const own = async () => (await readEvents(test.app.database.read, 1, 0, 1000)).length
    const before = await own()
    await test.app.database.transaction(null, async (tx) => {
      for (const account_id of [2, 1, 2]) await appendEvent(tx, { ...event, account_id, data: '{}' })
    })
    assert.equal(await own(), before + 1)
    const others = await readEvents(test.app.database.read, 2, 0, 10)
    assert.deepEqual(
      others.map(({ position }) => position),
      [1, 2],
    )
  })
})

describe('Two nodes', { skip: skipWithoutServer }, () => {
  it('send the events of a conversation in the order of their commits, and the same to all streams', async (t) => {
    const node = await startNode(t, test)
    const streams = [await hear(test), await hear(test, { url: node.url })]
    const post = async (url: string, content: string): Promise<Answer['body']> => {
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
    const committed = body.payload.slice(-120).map(({ id }: { id: number }) => String(id))
    assert.deepEqual(
      here!.map(({ data }) => data.id),
      committed,
    )
    for (const stream of streams) stream.close()
  })

  it('share one log without gaps', async () => {
    const positions = (await readEvents(test.app.database.read, 1, 0, 1000)).map(({ position }) => position)
    assert.deepEqual(
      positions,
      positions.map((_, index) => index + 1),
    )
  })
})
