import { spawnSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { temporaryDirectory } from './directory.ts'
import { count, type Report, runBenchmark } from './report.ts'
import { call, type Server, startNdoto } from './servers.ts'
import { median } from './statistics.ts'

const conversations = 100_000
const named = 1000
const rounds = 15
// Milliseconds until the count of a view, and the answer to whoever begins a bulk action.
const goals = { count: 50, start: 100 }
// A list may take this many times as long while a bulk action runs, and this many milliseconds more.
const meanwhile = { factor: 3, more: 10 }
const program = fileURLToPath(new URL('../bin/ndoto.mjs', import.meta.url))

/** Measures the count of views, and bulk actions, in an account of 100,000 conversations on SQLite. */
export async function measureBulk(): Promise<Report> {
  using directory = temporaryDirectory()
  await (await startNdoto(directory.path))[Symbol.asyncDispose]()
  const args = ['generate', '--conversations', `${conversations}`, '--messages', `${conversations}`]
  const env = { PATH: process.env.PATH, DATA_DIR: directory.path }
  const { status } = spawnSync(process.execPath, [program, ...args], { env, stdio: 'inherit' })
  if (status !== 0) throw new Error(`generate ended with ${status}`)
  await using server = await startNdoto(directory.path)
  const filter = (attribute_key: string, ...values: string[]) => [
    { attribute_key, filter_operator: 'equal_to', values },
  ]
  const views = {
    'the count of a view of the open conversations': filter('status', 'open'),
    'the count of a view of a frequent label': filter('labels', 'delivery'),
    'the count of a view of a priority, which no index leads to': filter('priority', 'urgent'),
  }
  const counts: [string, number][] = []
  for (const [name, view] of Object.entries(views)) {
    const id = await create(server, '/views', { name, filter: view })
    counts.push([name, await timeOf(() => call(server, `/views/${id}/count`))])
  }
  const quiet = await timeOf(() => call(server, '/conversations'))
  const actions = [{ action_name: 'add_label', action_params: ['vip'] }]
  const ids = Array.from({ length: named }, (_, index) => index + 2)
  const began = performance.now()
  const id = await create(server, '/bulk_actions', { conversation_ids: ids, actions })
  const start = performance.now() - began
  const busy = await timeOf(() => call(server, '/conversations'))
  while (JSON.parse(await call(server, `/bulk_actions/${id}`)).status !== 'done') await sleep(20)
  const perSecond = (named / (performance.now() - began)) * 1000
  return report(counts, { start, quiet, busy, perSecond })
}

/** Creates something, and returns its id. */
async function create(server: Server, path: string, body: object): Promise<number> {
  return JSON.parse(await call(server, path, body)).id
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const times = []
  for (let round = -2; round < rounds; round++) {
    const start = performance.now()
    await work()
    if (round >= 0) times.push(performance.now() - start)
  }
  return median(times)
}

interface Times {
  start: number
  quiet: number
  busy: number
  perSecond: number
}

function report(counts: [string, number][], { start, quiet, busy, perSecond }: Times): Report {
  const milliseconds = (time: number) => `${time.toFixed(1)} ms`
  const slowest = Math.max(...counts.map(([, time]) => time))
  return {
    title: `Views and bulk actions of ${count(conversations)} conversations, on SQLite`,
    table: [
      ['', 'median'],
      ...counts.map(([name, time]) => [name, milliseconds(time)]),
      [`the answer to a bulk action on ${count(named)} conversations`, milliseconds(start)],
      ['a list, nothing else going on', milliseconds(quiet)],
      ['a list while the bulk action runs', milliseconds(busy)],
      ['conversations a second', count(perSecond)],
    ],
    claims: [
      {
        work: `the count of a view in an account of ${count(conversations)} conversations, the slowest of ${counts.length}`,
        measured: milliseconds(slowest),
        goal: `at most ${goals.count} ms`,
        met: slowest <= goals.count,
      },
      {
        work: `the answer to a bulk action on ${count(named)} conversations, which then changes ${count(perSecond)} a second`,
        measured: milliseconds(start),
        goal: `at most ${goals.start} ms`,
        met: start <= goals.start,
      },
      {
        work: 'a list of conversations while a bulk action runs, compared with a quiet server',
        measured: `${milliseconds(busy)} instead of ${milliseconds(quiet)}`,
        goal: `at most ${meanwhile.factor} times + ${meanwhile.more} ms`,
        met: busy <= quiet * meanwhile.factor + meanwhile.more,
      },
    ],
  }
}

if (import.meta.main) await runBenchmark(measureBulk)
