import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { temporaryDirectory } from './directory.ts'
import { type Load, openLoad, type Target } from './load.ts'
import { count, type Report, runBenchmark } from './report.ts'
import { compare } from './rounds.ts'
import { call, memory, type Server, startNdoto } from './servers.ts'
import { median } from './statistics.ts'

/*
 * Measures what small requests take while eight clients list and search without a break, compared with the same requests
 * on a quiet server in the same run, with and without threads for long reads:
 *
 *     npx node bench/blocking.ts [--conversations 20000] [--keep DIRECTORY]
 *
 * `lists ×` is how many lists and searches it answers, compared with the first setup, when nothing else is requested.
 * DIRECTORY keeps the generated account for the next run.
 */
const rounds = 5
const seconds = 2
const clients = 8
const goals = { median: 3, p99: 15 }
const program = fileURLToPath(new URL('../bin/ndoto.mjs', import.meta.url))

const account = '/api/v1/accounts/1'
const lists = [
  '/conversations',
  '/conversations?status=all&assignee_type=me',
  '/conversations?status=all&q=order+delivery',
  '/conversations/unread',
  '/conversations?inbox_id=4',
  '/contacts?sort=-last_activity_at',
  '/conversations?status=all&q=the',
  '/contacts/search?q=garcia',
].map((path) => account + path)

/** Each is sent by one client, which pauses in between, as people do. */
const small: Record<string, Partial<Target> & { path: string }> = {
  'a page of messages': { path: '/conversations/50/messages?limit=20' },
  'sending a message': {
    path: '/conversations/51/messages',
    method: 'POST',
    status: 201,
    body: JSON.stringify({ content: 'We will look into this.', message_type: 'outgoing' }),
  },
  typing: {
    path: '/conversations/52/toggle_typing_status',
    method: 'POST',
    status: 204,
    body: JSON.stringify({ typing_status: 'on' }),
  },
}

/** A server to measure, with the cores that it may use, and the number of threads for long reads. */
interface Setup {
  name: string
  threads: number
  cores: string | undefined
}

const setups: Setup[] = [
  { name: 'as it is by default on two cores: 1 thread', threads: 1, cores: undefined },
  { name: '2 threads', threads: 2, cores: undefined },
  { name: 'no threads', threads: 0, cores: undefined },
  { name: '1 thread, all on one core', threads: 1, cores: '0' },
]

interface Outcome {
  setup: Setup
  /** For each small request, its median and p99 while others list, divided by those on the quiet server. */
  ratios: { name: string; median: number; p99: number; quiet: number; busy: number }[]
  megabytes: number
  /** Lists and searches a second, compared with the first setup. */
  throughput: number
}

/** Measures all setups on copies of one account. */
export async function measureBlocking(conversations: number, keep?: string): Promise<Report> {
  using temporary = temporaryDirectory()
  await using all = new AsyncDisposableStack()
  const original = await accountOf(join(keep ?? temporary.path, `sqlite-${conversations}`), conversations)
  const servers: { setup: Setup; server: Server }[] = []
  for (const setup of setups) {
    const copy = all.use(temporaryDirectory())
    cpSync(original, copy.path, { recursive: true })
    const server = all.use(await startNdoto(copy.path, { NDOTO_READ_THREADS: `${setup.threads}` }))
    if (setup.cores !== undefined) spawnSync('taskset', ['-acp', setup.cores, `${server.pid}`])
    servers.push({ setup, server })
  }
  const candidates = servers.map(({ setup: { name }, server }) => {
    const { run } = all.use(openLoad({ ...server, paths: lists, connections: clients }))
    return { name, run, pid: server.pid }
  })
  const throughputs = await compare(candidates, { rounds, seconds })
  const outcomes: Outcome[] = []
  for (const [index, { setup, server }] of servers.entries()) {
    const measured = await measure(server, candidates[index]!.run)
    outcomes.push({ setup, throughput: throughputs[index]!.ratio, ...measured })
  }
  return report(conversations, outcomes)
}

/** Measures the small requests without and with the lists of other clients in the background, in turns. */
async function measure(server: Server, list: Load['run']): Promise<Pick<Outcome, 'ratios' | 'megabytes'>> {
  const ratios: Outcome['ratios'] = []
  for (const [name, { path, ...target }] of Object.entries(small)) {
    await using load = openLoad({ ...server, paths: [account + path], connections: 1, pause: 5, ...target })
    await load.run(1)
    const samples: Omit<Outcome['ratios'][number], 'name'>[] = []
    for (let round = 0; round < rounds; round++) {
      const quiet = await load.run(seconds)
      const [busy] = await Promise.all([load.run(seconds), list(seconds)])
      const ratio = { median: busy.p50 / quiet.p50, p99: busy.p99 / quiet.p99 }
      samples.push({ ...ratio, quiet: quiet.p50, busy: busy.p50 })
    }
    const of = (field: keyof (typeof samples)[number]) => median(samples.map((one) => one[field]))
    ratios.push({ name, median: of('median'), p99: of('p99'), quiet: of('quiet'), busy: of('busy') })
  }
  return { ratios, megabytes: memory(server.pid, 'VmRSS') }
}

/** Fills a data directory with a generated account, unless it was filled before. */
async function accountOf(directory: string, conversations: number): Promise<string> {
  if (existsSync(join(directory, 'ndoto.db'))) return directory
  mkdirSync(directory, { recursive: true })
  {
    await using server = await startNdoto(directory)
    await call(server, '/conversations')
  }
  const args = ['generate', '--conversations', `${conversations}`]
  const env = { PATH: process.env.PATH, DATA_DIR: directory }
  const { status } = spawnSync(process.execPath, [program, ...args], { env, stdio: 'inherit' })
  if (status !== 0) throw new Error(`generate ended with ${status}`)
  return directory
}

function report(conversations: number, outcomes: Outcome[]): Report {
  const rows = outcomes.flatMap(({ setup, ratios, throughput, megabytes }) =>
    ratios.map((one, index) => [
      index === 0 ? setup.name : '',
      one.name,
      `${one.quiet.toFixed(1)} ms`,
      `${one.busy.toFixed(1)} ms`,
      one.median.toFixed(1),
      one.p99.toFixed(1),
      index === 0 ? throughput.toFixed(2) : '',
      index === 0 ? `${Math.round(megabytes)} MB` : '',
    ]),
  )
  const { ratios } = outcomes[0]!
  const worst = (field: 'median' | 'p99') => Math.max(...ratios.map((one) => one[field]))
  return {
    title: `Small requests while ${clients} clients list and search ${count(conversations)} conversations, medians of ${rounds} rounds`,
    table: [['', 'request', 'quiet', 'busy', 'median ×', 'p99 ×', 'lists ×', 'memory'], ...rows],
    claims: (['median', 'p99'] as const).map((field) => ({
      work: `a page, a message, typing while ${clients} clients list and search without a break: ${field}, compared with a quiet server`,
      measured: `at most ${worst(field).toFixed(1)} times`,
      goal: `${goals[field]} times`,
      met: worst(field) <= goals[field],
    })),
  }
}

if (import.meta.main) {
  const option = (name: string) => {
    const index = process.argv.indexOf(`--${name}`)
    return index === -1 ? undefined : process.argv[index + 1]
  }
  const keep = option('keep')
  await runBenchmark(() => measureBlocking(Number(option('conversations') ?? 20_000), keep && resolve(keep)))
}
