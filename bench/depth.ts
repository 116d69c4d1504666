import { createData, type FilledConversation } from './data.ts'
import { temporaryDirectory } from './directory.ts'
import { openLoad } from './load.ts'
import { count, type Report, runBenchmark } from './report.ts'
import { compare, type Measurement } from './rounds.ts'
import { startNdoto } from './servers.ts'

const rounds = 5
const goal = 1.5
// For each kind and conversation; the cache holds a few thousand pages.
const cursors = 40_000

/*
 * Every request has another cursor, so that no page comes from the cache. Ids between those of a conversation, which
 * belong to others, are valid cursors too, so a conversation of 100 messages has enough of them.
 */
const kinds: Record<string, (conversation: FilledConversation, share: number) => string> = {
  'at the end (before_id)': ({ lastId }, share) => `before_id=${lastId + 1 + Math.floor(share * 1e9)}`,
  'at the beginning (after_id)': ({ firstId }, share) => `after_id=${firstId - 1 - Math.floor(share * 1e9)}`,
  'in the middle (before_id)': (conversation, share) => `before_id=${middle(conversation, share)}`,
  'in the middle (after_id)': (conversation, share) => `after_id=${middle(conversation, share)}`,
  'in the middle (around_id)': (conversation, share) => `around_id=${middle(conversation, share)}`,
}

/** Compares a page of a conversation of 1,000,000 messages with one of a conversation of 100. */
export async function measureDepth(): Promise<Report> {
  using directory = temporaryDirectory()
  const [small, large] = (await createData(directory.path, [
    { messages: 100, idStep: 1000 },
    { messages: 1_000_000, idStep: 1000 },
  ])) as [FilledConversation, FilledConversation]
  await using server = await startNdoto(directory.path)
  const pairs: [string, Measurement[]][] = []
  for (const [kind, cursor] of Object.entries(kinds)) {
    const target = { port: server.port, token: server.token }
    await using smallLoad = openLoad({ ...target, paths: paths(small, cursor) })
    await using largeLoad = openLoad({ ...target, paths: paths(large, cursor) })
    const candidates = [
      { name: 'small', run: smallLoad.run, pid: server.pid },
      { name: 'large', run: largeLoad.run, pid: server.pid },
    ]
    pairs.push([kind, await compare(candidates, { rounds, seconds: 0.6, warmUp: 1 })])
  }
  return report(pairs)
}

function paths(
  conversation: FilledConversation,
  cursor: (conversation: FilledConversation, share: number) => string,
): string[] {
  const stride = 7919
  const share = (index: number) => ((index * stride) % cursors) / cursors
  return Array.from(
    { length: cursors },
    (_, index) => `${conversation.path}?limit=20&${cursor(conversation, share(index))}`,
  )
}

/** An id in the middle half. */
function middle({ firstId, lastId }: FilledConversation, share: number): number {
  return Math.floor(firstId + (lastId - firstId) * (0.25 + share / 2))
}

function report(pairs: [string, Measurement[]][]): Report {
  const times = (measurements: Measurement[]) => 1 / measurements[1]!.ratio
  const rows = pairs.map(([kind, measurements]) => [
    kind,
    ...measurements.map(({ perSecond }) => count(perSecond)),
    times(measurements).toFixed(2),
    ...measurements.map(({ bytes }) => count(bytes)),
  ])
  const worst = Math.max(...pairs.map(([, measurements]) => times(measurements)))
  const sameSize = pairs.every(([, [small, large]]) => Math.abs(small!.bytes - large!.bytes) < 10)
  return {
    title: `A page of 20 in a conversation of 1,000,000 messages and of 100: 32 connections, medians of ${rounds} rounds`,
    table: [['', 'of 100: requests/s', 'of 1,000,000', 'times as long', 'bytes', 'bytes'], ...rows],
    claims: [
      {
        work: 'A page of a conversation of 1,000,000 messages, any cursor, against one of 100',
        measured: `${worst.toFixed(2)} times as long at most${sameSize ? '' : ', but the responses differ in size'}`,
        goal: `at most ${goal} times`,
        met: worst <= goal && sameSize,
      },
    ],
  }
}

if (import.meta.main) await runBenchmark(measureDepth)
