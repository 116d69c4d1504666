import { randomSecret } from '../src/lib/secrets.ts'
import { temporaryDirectory } from './directory.ts'
import { type Report, runBenchmark } from './report.ts'
import { call, type Server, startNdoto } from './servers.ts'
import { median } from './statistics.ts'

const contacts = 1000
const rounds = 1000
// Medians of equal work differ by a few percent from run to run.
const goal = 1.1

/**
 * Measures whether the time of a 404 reveals that a guessed `source_id` is nearly right, or that an inbox exists. Each
 * kind is requested once in each round, one after another, in random order.
 */
export async function measureSecrets(): Promise<Report> {
  using directory = temporaryDirectory()
  await using server = await startNdoto(directory.path)
  const { inbox_identifier } = JSON.parse(await call(server, '/inboxes/1'))
  const existing: string[] = []
  for (let index = 0; index < contacts; index++) existing.push(await createContact(server, inbox_identifier))
  const invented = () => randomSecret('src')
  const nearly = () => {
    const right = existing[Math.floor(Math.random() * contacts)]!
    return right.slice(0, -1) + (right.endsWith('A') ? 'B' : 'A')
  }
  const kinds: [string, () => string][] = [
    ['invented', () => `${inbox_identifier}/contacts/${invented()}`],
    ['invented again', () => `${inbox_identifier}/contacts/${invented()}`],
    ['right but for the last character', () => `${inbox_identifier}/contacts/${nearly()}`],
    ['right, at an inbox that does not exist', () => `${randomSecret('inbox')}/contacts/${existing[0]}`],
  ]
  const times = kinds.map((): number[] => [])
  for (let round = 0; round < rounds; round++) {
    const order = kinds
      .map((_, index) => ({ index, at: Math.random() }))
      .sort((one, other) => one.at - other.at)
    for (const { index } of order) times[index]!.push(await timeOf(server, kinds[index]![1]()))
  }
  const medians = times.map(median)
  const ratios = medians.map((value) => value / medians[0]!)
  const most = Math.max(...ratios.map((ratio) => Math.max(ratio, 1 / ratio)))
  return {
    title: `The 404 of a source_id that does not exist: ${rounds} of each kind, ${contacts} contacts`,
    table: [
      ['', 'median', 'of the first'],
      ...kinds.map(([name], index) => [
        name,
        `${Math.round(medians[index]! * 1000)} µs`,
        ratios[index]!.toFixed(2),
      ]),
    ],
    claims: [
      {
        work: 'The time of a 404 for an invented source_id, a nearly right one and a wrong inbox, of each other',
        measured: `${most.toFixed(2)} times at most`,
        goal: `within ${goal} times`,
        met: most <= goal,
      },
    ],
  }
}

const publicBase = (server: Server) => `http://127.0.0.1:${server.port}/public/api/v1/inboxes`

async function createContact(server: Server, inbox: string): Promise<string> {
  const response = await fetch(`${publicBase(server)}/${inbox}/contacts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
  return ((await response.json()) as { source_id: string }).source_id
}

/** Measures a refused request, in milliseconds. */
async function timeOf(server: Server, path: string): Promise<number> {
  const start = performance.now()
  const response = await fetch(`${publicBase(server)}/${path}`)
  await response.arrayBuffer()
  const time = performance.now() - start
  if (response.status !== 404) throw new Error(`${response.status} instead of 404`)
  return time
}

if (import.meta.main) await runBenchmark(measureSecrets)
