import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { startApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import type { ApiResponse } from '../app.ts'
import { assertDocumented } from '../assert-documented.ts'
import { createDatabase, skipWithoutPostgres } from '../databases.ts'
import { eventually } from '../eventually.ts'
import {
  assertStored,
  createConversations,
  postMessageTo,
  repeatedly,
  startLoad,
  type TimedResponse,
  timed,
} from '../load.ts'
import { type PostgresServer, skipWithoutInitdb, startPostgresServer } from '../postgres-server.ts'
import {
  assertNoStack,
  atEnd,
  call,
  listMessages,
  postMessage,
  runProgram,
  type Scope,
  type ServerProcess,
  startProgram,
  temporaryDirectory,
  token,
} from '../process.ts'
import { startTcpProxy } from '../tcp-proxy.ts'

/** Creates an empty database on the test server, and a connection to it. */
async function createConnectedDatabase(t: Scope): Promise<{ url: string; outside: pg.Client }> {
  const { url, drop } = await createDatabase()
  atEnd(t, drop)
  return { url, outside: await connect(t, url) }
}

async function connect(t: Scope, url: string): Promise<pg.Client> {
  const outside = new pg.Client({ connectionString: url, application_name: 'outside' })
  outside.on('error', () => {})
  await outside.connect()
  atEnd(t, () => outside.end())
  return outside
}

/** Starts Ndoto on a database. */
function startNode(t: Scope, url: string, environment: Record<string, string> = {}): Promise<ServerProcess> {
  return startProgram(t, {
    data: temporaryDirectory(t),
    environment: { DATABASE_URL: url, LOG_LEVEL: 'error', ...environment },
  })
}

async function stopInTime(node: ServerProcess) {
  const start = performance.now()
  node.kill()
  const ended = await node.ended
  return { ...ended, took: performance.now() - start }
}

/** Asserts that a response says that the database is unavailable. */
function assertUnavailable({ status, headers, body }: ApiResponse): void {
  assert.equal(status, 503, JSON.stringify(body))
  assert.equal(headers.get('retry-after'), '1')
  assert.match(headers.get('content-type')!, /^application\/json/)
  assert.deepEqual(Object.keys(body), ['error', 'code'])
  assert.match(body.error, /^the database (is not available at the moment; try again|does not respond)$/)
}

/** Calls /health with a token, which it must ignore: looking it up would wait for the database. */
async function health(server: { url: string }): Promise<ApiResponse> {
  const response = await fetch(`${server.url}/health`, { headers: { api_access_token: token } })
  return { status: response.status, headers: response.headers, body: await response.json() }
}

function slowest(responses: TimedResponse[]): number {
  return Math.round(Math.max(...responses.map(({ took }) => took)))
}

describe('Two nodes that start at once on an empty database', { skip: skipWithoutPostgres }, () => {
  for (let round = 1; round <= 3; round++) {
    it(`create one account, and one of them prints its secrets: round ${round}`, async (t) => {
      const { url, outside } = await createConnectedDatabase(t)
      const nodes = await Promise.all([1, 2].map(() => startNode(t, url, { NDOTO_ADMIN_TOKEN: '' })))
      const tokens = nodes.map((node) => /^ +Token +(\S+)$/m.exec(node.output())?.[1]).filter((one) => one)
      assert.equal(tokens.length, 1)
      for (const node of nodes) {
        const { status, body } = await call(node, '/conversations/1/messages', { token: tokens[0]! })
        assert.deepEqual({ status, count: body.payload?.length }, { status: 200, count: 1 })
      }
      for (const table of ['accounts', 'users', 'conversations', 'messages']) {
        const { rows } = await outside.query(`select from ${table}`)
        assert.equal(rows.length, 1, table)
      }
      for (const node of nodes) node.kill()
      for (const node of nodes) assert.equal((await node.ended).code, 0)
    })
  }
})

// Most of the time, these tests wait.
describe('A database that', { skip: skipWithoutInitdb, concurrency: 3 }, () => {
  it('crashes and ends connections while many clients write loses no confirmed message, and is used again at once', async (t) => {
    const server = await startPostgresServer(t)
    const node = await startNode(t, server.url)
    const conversations = await createConversations(node, 8)
    const load = startLoad(node, 'crash', 16, conversations)
    const checks = repeatedly(() => timed(health(node)), 50)
    const busy = async () => {
      const before = load.confirmedAt.length
      await eventually(() => load.confirmedAt.length > before + 150)
    }
    const waits: number[] = []
    const back = async () => {
      const since = performance.now()
      await eventually(() => load.confirmedAt.at(-1)! > since)
      waits.push(Math.round(load.confirmedAt.find((time) => time > since)! - since))
    }
    for (let crash = 0; crash < 2; crash++) {
      await busy()
      await server.stop()
      const before = load.refusals.length
      await eventually(() => load.refusals.length > before + 32)
      await setTimeout(300)
      await server.start()
      await back()
    }
    const outside = await connect(t, server.url)
    for (let cut = 0; cut < 5; cut++) {
      await busy()
      const { rows } = await outside.query(`select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'ndoto'`)
      assert.ok(rows.length > 0)
      await back()
    }
    await busy()
    await load.stop()
    const seen = await checks.stop()
    t.diagnostic(
      `${load.sent.length} messages, ${load.refusals.length} refusals, the slowest after ${slowest(load.refusals)} ms; ` +
        `works again after ${waits.join(', ')} ms`,
    )

    assert.ok(load.refusals.length > 64)
    for (const refusal of load.refusals) assertUnavailable(refusal)
    for (const answer of seen) if (answer.status !== 200) assertUnavailable(answer)
    assert.deepEqual(new Set(seen.map(({ status }) => status)), new Set([200, 503]))
    assert.ok(slowest([...load.refusals, ...seen]) < 2000)
    assert.ok(Math.max(...waits) < 1500)
    await assertStored(load.sent, node, conversations)
    assert.equal((await stopInTime(node)).code, 0)
  })

  it('hangs delays a response by at most 10 seconds, /health by 3, and a stop by 5', async (t) => {
    const server = await startPostgresServer(t)
    const [node, ending] = (await Promise.all([1, 2].map(() => startNode(t, server.url)))) as [
      ServerProcess,
      ServerProcess,
    ]
    const conversations = await createConversations(node, 8)
    const load = startLoad(node, 'hang', 12, conversations)
    const otherLoad = startLoad(ending, 'end', 12, conversations)
    await eventually(() => load.confirmedAt.length > 150 && otherLoad.confirmedAt.length > 150)
    await server.hang()
    const checks = repeatedly(() => timed(health(node)), 100)
    const ended = stopInTime(ending)
    // Later requests find the connections in other states.
    const later: Promise<TimedResponse>[] = []
    for (let round = 0; round < 8; round++) {
      await setTimeout(1000)
      const list = call(node, '/conversations/1/messages?limit=20')
      later.push(timed(list), timed(postMessage(node, `later ${round}`)))
    }
    const refusals = [...load.refusals, ...(await Promise.all(later))]
    const seen = await checks.stop()
    const { code, took } = await ended
    server.resume()
    const resumed = performance.now()
    await eventually(() => load.confirmedAt.at(-1)! > resumed)
    const wait = Math.round(load.confirmedAt.find((time) => time > resumed)! - resumed)
    await Promise.all([load.stop(), otherLoad.stop()])
    t.diagnostic(
      `${refusals.length} refusals, the slowest after ${slowest(refusals)} ms, of /health ${slowest(seen)} ms; ` +
        `works again after ${wait} ms; ended after ${Math.round(took)} ms`,
    )

    assert.ok(load.refusals.length >= 12)
    for (const answer of [...refusals, ...seen]) assertUnavailable(answer)
    assert.ok(slowest(refusals) < 10_500)
    assert.ok(slowest(seen) < 3500)
    assert.ok(wait < 2000)
    assert.equal(code, 0)
    assert.ok(took < 6000)
    await assertStored([...load.sent, ...otherLoad.sent], node, conversations)
    assert.equal((await stopInTime(node)).code, 0)
  })

  it('does not finish a statement returns an error after statement_timeout, and stores nothing', async (t) => {
    const { app, outside, refused } = await serving(t, 'statement_timeout=500')
    await outside.query('begin')
    await outside.query('select from conversations for update')
    await Promise.all([refused('POST', 450, 3000), refused('POST', 450, 3000)])
    await outside.query('commit')
    assert.equal((await postMessage(app, 'next')).status, 201)
    const { rows } = await outside.query(`select from messages where content = 'never'`)
    assert.equal(rows.length, 0)
  })

  it('has no free connection returns an error after connect_timeout, also to /health', async (t) => {
    const { app, refused } = await serving(t, 'pool_size=2&connect_timeout=1')
    const holding = [7, 8].map((account) =>
      app.database.transaction(account, (tx) => sql`select pg_sleep(2)`.execute(tx.sql)),
    )
    await eventually(() => app.database.stats().connections!.inUse === 2)
    await Promise.all([
      refused('GET', 900, 4000),
      refused('POST', 900, 4000),
      health(app).then(assertUnavailable),
      eventually(() => app.database.stats().queued >= 3),
    ])
    await Promise.all(holding)
    assert.equal((await health(app)).status, 200)
  })

  it('stores messages but cannot confirm them returns errors, and stores no message twice', async (t) => {
    const { app, url, outside, proxy } = await serving(t, 'statement_timeout=4000')
    const conversations = await createConversations(app, 12)
    const observer = await connect(t, url)
    const waiting = async () => {
      const text = `select from pg_stat_activity where wait_event_type = 'Lock' and query like '%json_to_recordset%'
        and datname = current_database()`
      while ((await observer.query(text)).rows.length === 0) await setTimeout(5)
    }
    // While the first statement waits for a lock, the other messages gather; their statement waits for the second lock.
    await outside.query('begin; lock table events in share mode')
    const first = postMessageTo(app, conversations[0]!, 'first')
    await waiting()
    const second = await connect(t, url)
    const locked = second.query('begin; lock table events in share mode')
    let arrived = 0
    app.server.server.on('request', () => arrived++)
    const posts = conversations.slice(1).map((id) => postMessageTo(app, id, `lost in ${id}`))
    await eventually(() => arrived === posts.length)
    // They have gathered when the number of busy connections has not changed for a while.
    const inUse = () => app.database.stats().connections!.inUse
    for (let still = 0, before = inUse(); still < 10; still++) {
      await setTimeout(10)
      if (inUse() !== before) still = 0
      before = inUse()
    }
    await outside.query('commit')
    assert.equal((await first).status, 201)
    await locked
    await waiting()
    proxy.mute()
    await second.query('commit')
    const answers = await Promise.all(posts)
    proxy.resume()
    for (const answer of answers) assertUnavailable(answer)
    const { rows } = await outside.query(`select content, count(*)::int from messages
      where content like 'lost in %' group by 1`)
    // Messages that waited for the next statement were not sent to the database.
    assert.ok(rows.length > 1, 'no messages shared a statement, so this test proves nothing')
    for (const { content, count } of rows) assert.equal(count, 1, content)
  })

  it('gets a message with the same key from another node at the same time returns that one', async (t) => {
    const { app, url, outside } = await serving(t, '')
    await outside.query(`update conversations set status = 'resolved'`)
    const [account, row] = [await connect(t, url), await connect(t, url)]
    const waiting = async (what: string) => {
      const text = `select from pg_stat_activity where wait_event = '${what}' and datname = current_database()`
      while ((await outside.query(text)).rows.length === 0) await setTimeout(5)
    }
    // The conversation must be reopened, which requires a transaction.
    await account.query('begin; select pg_advisory_xact_lock(7364001, 1)')
    const body = { content: 'Hello?', message_type: 'incoming' }
    const headers = { 'idempotency-key': 'one key' }
    const send = () => call(app, '/conversations/1/messages', { body, headers })
    const sent = send()
    await waiting('advisory')
    await row.query('begin; select from conversations for update')
    await account.query('commit')
    // It waits for the lock of the conversation, before it looks for the key.
    await waiting('transactionid')
    await row.query(`insert into messages select (m).* from (select jsonb_populate_record(m, jsonb_build_object(
      'id', nextval('message_ids'), 'idempotency_key', 'one key')) as m from messages m limit 1) m; commit`)
    assert.equal((await sent).status, 200)
    const { rows } = await outside.query('select status from conversations where id = 1')
    assert.equal(rows[0].status, 'resolved', 'a message that is not stored does not reopen the conversation')
  })

  it('has a lock on a contact stores what the contact writes', async (t) => {
    const { app, url, outside } = await serving(t, '')
    const [contact, conversation] = [await connect(t, url), await connect(t, url)]
    await contact.query('begin; select from contacts for update')
    await conversation.query('begin; select from conversations for update')
    const sent = call(app, '/conversations/1/messages', {
      body: { content: 'Hello?', message_type: 'incoming' },
    })
    const waiting = `select from pg_stat_activity where wait_event = 'transactionid' and datname = current_database()`
    while ((await outside.query(waiting)).rows.length === 0) await setTimeout(5)
    await conversation.query('commit')
    assert.equal((await sent).status, 201)
    await contact.query('commit')
  })

  it('has a lock on one conversation serves the others', async (t) => {
    const { app, outside } = await serving(t, 'statement_timeout=2000')
    const [, ...others] = await createConversations(app, 3)
    await outside.query('begin')
    await outside.query('select from conversations where id = 1 for update')
    const delayed = Array.from({ length: 5 }, () => timed(postMessage(app, 'delayed')))
    await setTimeout(100)
    for (const id of others) {
      const { status, took } = await timed(postMessageTo(app, id, 'not delayed'))
      assert.deepEqual({ status, inTime: took < 1000 }, { status: 201, inTime: true }, `${took} ms`)
    }
    for (const answer of await Promise.all(delayed)) {
      assertUnavailable(answer)
      assert.ok(answer.took < 3500, `${answer.took} ms`)
    }
    await outside.query('commit')
  })

  it('is unreachable ends a long list in the middle, and later requests get errors', async (t) => {
    const { app, proxy, refused } = await serving(t, '')
    const headers = { api_access_token: token }
    const list = await fetch(`${app.url}/api/v1/accounts/1/conversations/1/messages`, { headers })
    assert.equal(list.status, 200)
    await proxy.close()
    await assert.rejects(list.text())
    await refused('GET', 0, 500)
  })
})

/** Starts Ndoto with 10,000 messages, connected through a proxy. */
async function serving(t: Scope, settings: string) {
  const { url, outside } = await createConnectedDatabase(t)
  const proxy = await startTcpProxy(t, url)
  const app = await startApp(
    readConfig({
      PORT: '0',
      DATABASE_URL: `${proxy.url}?${settings}`,
      LOG_LEVEL: 'silent',
      NDOTO_ADMIN_TOKEN: token,
      NDOTO_RATE_LIMIT: 'off',
    }),
  )
  atEnd(t, () => app.close())
  await outside.query(`insert into messages select (m).* from (select jsonb_populate_record(m,
    jsonb_build_object('id', nextval('message_ids'))) as m from messages m, generate_series(1, 10000)) m`)
  const path = '/conversations/1/messages'
  const refused = async (method: 'GET' | 'POST', least: number, most: number) => {
    const answer = await timed(method === 'GET' ? call(app, `${path}?limit=20`) : postMessage(app, 'never'))
    assertUnavailable(answer)
    assert.ok(answer.took >= least && answer.took <= most, `${method} took ${answer.took} ms`)
    assertDocumented(app.server, method, `/api/v1/accounts/1${path}`, answer)
  }
  return { app, url, outside, proxy, refused }
}

/** These tests run in order on the same two nodes. The last one stops one of them. */
describe('Two nodes on one database', { skip: skipWithoutInitdb }, () => {
  let clean: () => unknown = () => {}
  // `after()` of a hook's context would run right after the hook.
  const scope: Scope = {
    after(all) {
      clean = all
    },
  }
  after(() => clean())
  let server: PostgresServer
  let outside: pg.Client
  let nodes: ServerProcess[]
  let conversations: number[]
  before(async () => {
    if (skipWithoutInitdb) return
    server = await startPostgresServer(scope, ['track_commit_timestamp=on'])
    const url = (name: string) => `${server.url}?pool_size=3&application_name=${name}`
    nodes = await Promise.all(['a', 'b'].map((name) => startNode(scope, url(name))))
    outside = await connect(scope, server.url)
    conversations = await createConversations(nodes[0]!, 6)
  })

  it('store one of 60 messages with the same key, and refuse other bodies with that key', async (t) => {
    const holder = await connect(t, server.url)
    /** Sends messages with one key while a lock delays them, until both nodes wait. */
    const race = async (bodies: string[], key: string) => {
      await holder.query('begin')
      await holder.query('select from conversations for update')
      const posts = Array.from({ length: 60 }, (_, index) =>
        postMessage(nodes[index % 2]!, bodies[index % bodies.length]!, key),
      )
      const waiting = `select from pg_stat_activity where wait_event_type = 'Lock'`
      while ((await outside.query(waiting)).rows.length < 2) await setTimeout(5)
      await holder.query('commit')
      const answers = await Promise.all(posts)
      const query = 'select id::int, content from messages where idempotency_key = $1'
      return { answers, stored: (await outside.query(query, [key])).rows }
    }
    for (let round = 0; round < 3; round++) {
      const { answers, stored } = await race(['same'], `same ${round}`)
      assert.equal(stored.length, 1)
      assert.equal(answers.filter(({ status }) => status === 201).length, 1)
      assert.equal(answers.filter(({ status }) => status === 200).length, 59)
      for (const { body } of answers) assert.equal(body.id, stored[0].id)
    }
    const bodies = ['one', 'another', 'a third']
    for (let round = 0; round < 3; round++) {
      const { answers, stored } = await race(bodies, `bodies ${round}`)
      assert.equal(stored.length, 1)
      assert.equal(answers.filter(({ status }) => status === 201).length, 1)
      for (const [index, { status, body }] of answers.entries()) {
        if (bodies[index % 3] !== stored[0].content) assert.equal(status, 422)
        else assert.deepEqual({ isSent: status < 300, id: body.id }, { isSent: true, id: stored[0].id })
      }
    }
    // Without the unique index, the same race stores several.
    const { rows: index } = await outside.query(
      `select pg_get_indexdef('messages_idempotency_key'::regclass) as text`,
    )
    await outside.query('drop index messages_idempotency_key')
    const { stored } = await race(['same'], 'without an index')
    assert.ok(stored.length > 1, 'there was no race')
    await outside.query(
      `update messages set idempotency_key = null where idempotency_key = 'without an index'`,
    )
    await outside.query(index[0].text)
  })

  it('number the messages of a conversation in the order of their commits, so that paging by after_id misses none', async () => {
    const pagers = nodes.map(pager)
    const load = nodes.map((node, number) => startLoad(node, `node ${number}`, 12, conversations.slice(0, 2)))
    await eventually(() => load.every(({ confirmedAt }) => confirmedAt.length > 150))
    for (const one of load) await one.stop()
    const ids = (await listMessages(nodes[0]!)).map(({ id }) => id)
    assert.ok(ids.length > 150)
    for (const one of pagers) assert.deepEqual(await one.stop(), ids)

    const { rows } = await outside.query(`select id::int, created_at::float,
      extract(epoch from pg_xact_commit_timestamp(xmin))::float as committed
      from messages where conversation_id = 1 and content like 'node%' order by id`)
    for (const [index, row] of rows.entries()) {
      const before = rows[index - 1] ?? row
      const inOrder = before.created_at <= row.created_at && before.committed <= row.committed
      assert.ok(inOrder, `${before.id}, ${row.id}`)
    }

    // A message that gets its id before its transaction is next would be missed by the same pager.
    const reader = pager(nodes[0]!)
    // Without triggers: without the lock of the conversation, one of them would hold up the other message.
    await outside.query('begin; set local session_replication_role = replica')
    const { rows: early } = await outside.query(`insert into messages select (m).* from (
        select jsonb_populate_record(m, jsonb_build_object('id', nextval('message_ids'), 'idempotency_key', null)) as m
        from messages m where conversation_id = 1 limit 1) m returning id::int`)
    const overtaking = (await postMessage(nodes[1]!, 'overtakes it')).body.id
    await eventually(() => reader.seen.includes(overtaking))
    await outside.query('commit')
    const seen = await reader.stop()
    const all = (await listMessages(nodes[0]!)).map(({ id }) => id)
    const missed = all.filter((id) => !seen.includes(id))
    assert.deepEqual(missed, [early[0].id])
  })

  it('have at most pool_size connections each, and show them in their metrics', async () => {
    const load = nodes.map((node, number) => startLoad(node, `pool ${number}`, 12, conversations))
    const counts = async () => {
      const { rows } =
        await outside.query(`select application_name as name, count(*)::int from pg_stat_activity
        where application_name in ('a', 'b') group by 1 order by 1`)
      return rows
    }
    const before = await metrics(nodes[0]!)
    const watching = repeatedly(counts, 5)
    const sampling = repeatedly(() => metrics(nodes[0]!), 20)
    const readers = nodes.map((node) => repeatedly(() => listAtOnce(node, conversations)))
    await eventually(() => load.every(({ confirmedAt }) => confirmedAt.length > 100))
    // While the table is locked, all connections are in use and other requests wait.
    await outside.query('begin; lock table conversations in access exclusive mode')
    for (const node of nodes) {
      await eventually(async () => {
        const { connections_in_use, queued } = await metrics(node)
        return connections_in_use === 3 && queued > 0
      })
    }
    await outside.query('commit')
    for (const one of [...load, ...readers]) await one.stop()
    // One more connection listens for notifications of other nodes.
    const most = { name: 'a', count: 4 }
    assert.deepEqual(await counts(), [most, { ...most, name: 'b' }])
    for (const { name, count } of (await watching.stop()).flat())
      assert.ok(count <= 4, `${name} had ${count}`)
    const samples = await sampling.stop()
    for (const one of samples) assert.ok(one.connections <= 3 && one.connections_in_use <= one.connections)
    const last = await metrics(nodes[0]!)
    assert.deepEqual({ connections: last.connections, queued: last.queued }, { connections: 3, queued: 0 })
    assert.ok(last.query_seconds_total > before.query_seconds_total)
  })

  it('are not affected by a node of an older version, which explains why it cannot start and ends with 1', async (t) => {
    await outside.query(`insert into migrations values (999, 'from the future', 1)`)
    const environment = { DATABASE_URL: server.url }
    const { code, stdout, stderr } = await runProgram(['start'], { data: temporaryDirectory(t), environment })
    assert.equal(code, 1, stdout + stderr)
    assert.match(
      stderr,
      /^The database has format 999, but this version of Ndoto supports formats up to \d+\./,
    )
    assertNoStack(stdout + stderr)
    assert.equal((await postMessage(nodes[0]!, 'not affected')).status, 201)
    await outside.query('delete from migrations where version = 999')
  })

  it('lose no confirmed message when one of them is stopped while many clients write, and it ends with 0', async () => {
    const [node, other] = nodes as [ServerProcess, ServerProcess]
    const load = startLoad(node, 'stopped', 20, conversations)
    await eventually(() => load.confirmedAt.length > 150)
    const { code, took } = await stopInTime(node)
    await load.stop()
    assert.equal(code, 0)
    assert.ok(took < 4000, `${took} ms`)
    await assertStored(load.sent, other, conversations)
  })
})

/** Reads all conversations at once. */
function listAtOnce(node: ServerProcess, conversations: number[]): Promise<ApiResponse[]> {
  return Promise.all(
    conversations.map((id) => call(node, `/conversations/${id}/messages?limit=50&after_id=1`)),
  )
}

/** Reads conversation 1 page by page, always after the last id that it has seen. `stop()` reads to the end. */
function pager(node: ServerProcess): { seen: number[]; stop(): Promise<number[]> } {
  const seen: number[] = []
  const read = async () => {
    const path = `/conversations/1/messages?limit=7&after_id=${seen.at(-1) ?? 0}`
    const { body } = await call(node, path)
    seen.push(...body.payload.map(({ id }: { id: number }) => id))
    return body.payload.length as number
  }
  const reading = repeatedly(read)
  return {
    seen,
    async stop() {
      await reading.stop()
      while ((await read()) > 0) {}
      return seen
    },
  }
}

/** Returns the metrics of a node's database, by the last words of their names. */
async function metrics(node: ServerProcess) {
  const text = await (await fetch(`${node.url}/metrics`)).text()
  const read = (name: string) => Number(new RegExp(`^ndoto_database_${name} (\\S+)$`, 'm').exec(text)?.[1])
  return {
    connections: read('connections'),
    connections_in_use: read('connections_in_use'),
    queued: read('queued'),
    query_seconds_total: read('query_seconds_total'),
  }
}
