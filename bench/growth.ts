import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { temporaryDirectory } from './directory.ts'
import { testServer } from './postgres.ts'
import { count, type Report, runBenchmark } from './report.ts'
import { call, type Server, startNdoto } from './servers.ts'
import { median } from './statistics.ts'

/*
 * Compares lists, searches and pages of accounts of several sizes in one run:
 *
 *     npx node bench/growth.ts [--sizes 100,10000,1000000] [--keep DIRECTORY]
 *
 * With TEST_DATABASE_URL on PostgreSQL. Generating a million conversations takes ten minutes, so DIRECTORY keeps the
 * accounts (on PostgreSQL their databases, named after it) for the next run, which migrates them if necessary.
 */
const defaultSizes = '100,10000,1000000'
const messagesEach = 10
const rounds = 21
// A request of a large account may take twice as long as one of the smallest, and this many milliseconds more.
const goal = { factor: 2, more: 3 }
const program = fileURLToPath(new URL('../bin/ndoto.mjs', import.meta.url))

/** The paths under the account, by what they do. `last` is the number of the last page of all conversations. */
const requests: Record<string, (account: { last: number }) => string> = {
  'open conversations': () => '/conversations',
  'all conversations': () => '/conversations?status=all',
  'resolved, newest first by creation': () => '/conversations?status=resolved&sort=created_at',
  mine: () => '/conversations?status=all&assignee_type=me',
  unassigned: () => '/conversations?assignee_type=unassigned',
  'of an inbox': () => '/conversations?inbox_id=4',
  'of a team': () => '/conversations?team_id=5',
  'with a frequent label': () => '/conversations?status=all&labels=delivery',
  'with a rare label': () => '/conversations?status=pending&labels=spam',
  'with two labels, of an inbox and a team': () =>
    '/conversations?status=all&labels=vip,legal&inbox_id=3&team_id=2',
  'the last page': ({ last }) => `/conversations?status=all&page=${last}`,
  unread: () => '/conversations/unread',
  'search for a common word': () => '/conversations?status=all&q=the',
  'search for two common words': () => '/conversations?status=all&q=order+delivery',
  'search for the beginning of a word': () => '/conversations?status=all&q=deliv',
  'search for a rare word': () => '/conversations?status=all&q=silbako',
  'search for two words that never meet': () => '/conversations?status=all&q=bestellung+refund',
  'search for a word with an accent': () => '/conversations?status=all&q=größe',
  'search for a word without a match': () => '/conversations?status=all&q=xylophone',
  'search in open conversations of an inbox': () => '/conversations?inbox_id=3&q=refund',
  'conversation by number': () => '/conversations?status=all&q=%2350',
  'contacts by name': () => '/contacts',
  'contacts by activity': () => '/contacts?sort=-last_activity_at',
  'contacts, page 3': () => '/contacts?sort=email&page=3',
  'search contacts for a common name': () => '/contacts/search?q=garcia',
  'search contacts for a part of a number': () => '/contacts/search?q=%2B493000000004',
  'search contacts without a match': () => '/contacts/search?q=xylophone',
  'one conversation': () => '/conversations/50',
  'messages of a conversation': () => '/conversations/50/messages?limit=20',
}

/** Compares the times of requests in accounts of these numbers of conversations. `keep` is a directory that keeps them. */
export async function measureGrowth(sizes: number[], keep?: string): Promise<Report> {
  using temporary = temporaryDirectory()
  await using all = new AsyncDisposableStack()
  const accounts: { server: Server; last: number; size: number }[] = []
  for (const size of sizes) {
    const server = all.use(await startAccount(keep ?? temporary.path, size, keep === undefined, all))
    const { data } = JSON.parse(await call(server, '/conversations?status=all'))
    accounts.push({ server, size, last: Math.ceil(data.meta.all_count / data.payload.length) })
  }
  const results: { name: string; times: number[] }[] = []
  for (const [name, pathOf] of Object.entries(requests)) {
    const samples = accounts.map(() => [] as number[])
    for (let round = -2; round < rounds; round++) {
      for (const [index, account] of accounts.entries()) {
        const start = performance.now()
        await call(account.server, pathOf(account))
        if (round >= 0) samples[index]!.push(performance.now() - start)
      }
    }
    results.push({ name, times: samples.map(median) })
  }
  return report(sizes, results)
}

async function startAccount(parent: string, size: number, isTemporary: boolean, all: AsyncDisposableStack) {
  const directory = join(parent, `${testServer ? 'postgres' : 'sqlite'}-${size}`)
  mkdirSync(directory, { recursive: true })
  const environment = testServer ? await databaseOf(directory, isTemporary, all) : {}
  const empty = await startNdoto(directory, environment)
  const isFilled = JSON.parse(await call(empty, '/conversations?status=all')).data.meta.all_count > 1
  if (isFilled) return empty
  await empty[Symbol.asyncDispose]()
  const args = ['generate', '--conversations', `${size}`, '--messages', `${size * messagesEach}`]
  const env = { PATH: process.env.PATH, DATA_DIR: directory, ...environment }
  const { status } = spawnSync(process.execPath, [program, ...args], { env, stdio: 'inherit' })
  if (status !== 0) throw new Error(`generate ended with ${status}`)
  return startNdoto(directory, environment)
}

/** Creates the database of a directory, if it does not exist. */
async function databaseOf(directory: string, isTemporary: boolean, all: AsyncDisposableStack) {
  const name = `ndoto_growth_${directory.replaceAll(/\W+/g, '_').slice(-40)}`.toLowerCase()
  const run = async (query: string) => {
    const client = new pg.Client({ connectionString: testServer })
    await client.connect()
    try {
      return await client.query(query)
    } finally {
      await client.end()
    }
  }
  const { rowCount } = await run(`select 1 from pg_database where datname = '${name}'`)
  if (rowCount === 0) await run(`create database ${name}`)
  if (isTemporary) all.defer(() => run(`drop database ${name} with (force)`).then(() => {}))
  const url = new URL(testServer!)
  url.pathname = `/${name}`
  return { DATABASE_URL: url.href }
}

function report(sizes: number[], results: { name: string; times: number[] }[]): Report {
  const last = sizes.length - 1
  const isFlat = ({ times }: { times: number[] }) => times[last]! <= times[0]! * goal.factor + goal.more
  const grown = results.filter((one) => !isFlat(one))
  return {
    title: `Medians of ${rounds} requests in accounts of several sizes, ${messagesEach} messages in each conversation, on ${testServer ? 'PostgreSQL' : 'SQLite'}`,
    table: [
      ['milliseconds', ...sizes.map((size) => `${count(size)} conversations`), 'ratio', ''],
      ...results.map((one) => [
        one.name,
        ...one.times.map((time) => time.toFixed(1)),
        (one.times[last]! / one.times[0]!).toFixed(1),
        isFlat(one) ? '' : 'grows',
      ]),
    ],
    claims: [
      {
        work: `lists, searches and pages of ${count(sizes[last]!)} conversations, compared with ${count(sizes[0]!)}`,
        measured: `${results.length - grown.length} of ${results.length} within the goal`,
        goal: `at most ${goal.factor} times + ${goal.more} ms`,
        met: grown.length === 0,
      },
    ],
  }
}

if (import.meta.main) {
  const option = (name: string) => {
    const index = process.argv.indexOf(`--${name}`)
    return index === -1 ? undefined : process.argv[index + 1]
  }
  const keep = option('keep')
  const sizes = (option('sizes') ?? defaultSizes).split(',').map(Number)
  await runBenchmark(() => measureGrowth(sizes, keep && resolve(keep)))
}
