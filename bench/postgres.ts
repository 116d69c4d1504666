import { randomBytes } from 'node:crypto'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { message } from './data.ts'
import { temporaryDirectory } from './directory.ts'
import { openLoad } from './load.ts'
import { openPgbench } from './pgbench.ts'
import { count, type Report, runBenchmark } from './report.ts'
import { compare, type Measurement } from './rounds.ts'
import { call, type Server, startNdoto } from './servers.ts'

const rounds = 4
const conversations = 500
const goals = { post: 0.4, list: 0.3 }

/** The URL of the server to measure on, if there is one. */
export const testServer = process.env.TEST_DATABASE_URL

/** Compares posts and pages on PostgreSQL with pgbench on the same server, and two nodes with one. */
export async function measurePostgres(): Promise<Report> {
  await using database = await freshDatabase()
  using directory = temporaryDirectory()
  using another = temporaryDirectory()
  const settings = { DATABASE_URL: `${database.url}?pool_size=16` }
  await using server = await startNdoto(directory.path, settings)
  // Both have the key with which secrets in the database are encrypted.
  copyFileSync(join(directory.path, 'secret.key'), join(another.path, 'secret.key'))
  await using second = await startNdoto(another.path, settings)
  const paths = await createConversations(server)
  await using inserts = openPgbench(
    database.url,
    directory.path,
    'insert',
    await createPlainTable(database.url),
  )
  await using selects = openPgbench(database.url, directory.path, 'select', selectPage)
  const target = {
    paths,
    token: server.token,
    method: 'POST' as const,
    status: 201,
    body: JSON.stringify(message),
  }
  await using posts = openLoad({ ...target, port: server.port })
  await using half = openLoad({ ...target, port: server.port, connections: 16 })
  await using otherHalf = openLoad({ ...target, port: second.port, connections: 16 })
  const pages = paths.map((path) => `${path}?limit=20`)
  await using lists = openLoad({ paths: pages, token: server.token, port: server.port })
  const onTwo = async (seconds: number) => {
    const [one, two] = await Promise.all([half.run(seconds), otherHalf.run(seconds)])
    return { ...one, requests: one.requests + two.requests, perSecond: one.perSecond + two.perSecond }
  }
  await posts.run(2)
  // Autovacuum would do so within a minute.
  await once('analyze', database.url)
  const written = await compare(
    [
      { name: 'pgbench: insert one row', run: inserts.run, pid: process.pid },
      { name: 'posts, 32 connections', run: posts.run, pid: server.pid },
      { name: 'posts on two nodes, 16 each', run: onTwo, pid: server.pid },
    ],
    { rounds, seconds: 2 },
  )
  const read = await compare(
    [
      { name: 'pgbench: select the page', run: selects.run, pid: process.pid },
      { name: 'pages, 32 connections', run: lists.run, pid: server.pid },
    ],
    { rounds, seconds: 2 },
  )
  return report(written, read)
}

/** Creates a database that is dropped at the end of the block. */
export async function freshDatabase(): Promise<{ url: string } & AsyncDisposable> {
  const name = `ndoto_bench_${randomBytes(6).toString('hex')}`
  await once(`create database ${name}`)
  const url = new URL(testServer!)
  url.pathname = `/${name}`
  return {
    url: url.href,
    [Symbol.asyncDispose]: () => once(`drop database ${name} with (force)`).then(() => {}),
  }
}

async function once(sql: string, url = testServer): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await client.query(sql)
  } finally {
    await client.end()
  }
}

async function createConversations(server: Server): Promise<string[]> {
  const paths: string[] = []
  for (let index = 0; index < conversations; index++) {
    const { id } = JSON.parse(await call(server, '/conversations', { inbox_id: 1, contact_id: 1 }))
    paths.push(`/api/v1/accounts/1/conversations/${id}/messages`)
  }
  return paths
}

/** Creates a table like messages with only a primary key. Returns the script that inserts a row. */
async function createPlainTable(url: string): Promise<string> {
  await once(
    'create table plain (like messages including defaults, primary key (account_id, conversation_id, id))',
    url,
  )
  await once('create sequence plain_ids', url)
  return `\\set conversation random(2, ${conversations + 1})
insert into plain (account_id, conversation_id, id, inbox_id, message_type, content_type, content, content_attributes,
  status, private, sender_type, sender_id, created_at, updated_at)
values (1, :conversation, nextval('plain_ids'), 1, 'outgoing', 'text', '${message.content}', '{}', 'sent', 0, 'User', 1,
  1700000000000, 1700000000000);
`
}

const selectPage = `\\set conversation random(2, ${conversations + 1})
select * from messages where account_id = 1 and conversation_id = :conversation order by id desc limit 20;
`

function report(written: Measurement[], read: Measurement[]): Report {
  const rows = [...written, ...read].map(({ name, perSecond, ratio, p99, cost }) => [
    name,
    count(perSecond),
    `${Math.round(ratio * 100)}%`,
    Number.isNaN(p99) ? '' : `${p99.toFixed(1)} ms`,
    name.startsWith('pgbench') ? '' : `${Math.round(cost)} µs`,
  ])
  const claim = (work: string, ratio: number, goal: number) => ({
    work,
    measured: `${Math.round(ratio * 100)}%`,
    goal: `at least ${Math.round(goal * 100)}%`,
    met: ratio >= goal,
  })
  return {
    title: `PostgreSQL on the same machine, ${conversations} conversations: medians of ${rounds} rounds`,
    table: [['', 'per second', 'of pgbench', 'p99', 'processor/request'], ...rows],
    claims: [
      claim('`POST messages` on PostgreSQL, of pgbench inserting one row', written[1]!.ratio, goals.post),
      claim(
        '`GET messages?limit=20` on PostgreSQL, of pgbench selecting the page',
        read[1]!.ratio,
        goals.list,
      ),
      claim('posts on two nodes, of one', written[2]!.ratio / written[1]!.ratio, 1),
    ],
  }
}

if (import.meta.main) {
  if (testServer) await runBenchmark(measurePostgres)
  else process.stdout.write('Set TEST_DATABASE_URL to the URL of the PostgreSQL server to measure on.\n')
}
