import { type Filled, makeData } from './data.ts'
import { temporaryDirectory } from './directory.ts'
import { openLoad } from './load.ts'
import { count, type Report, show } from './report.ts'
import { compare, type Standing } from './rounds.ts'
import { startNdoto } from './servers.ts'

const rounds = 5
const goal = 1.5
// Of each kind and conversation; memory keeps a few thousand pages.
const cursors = 40_000

/*
 * Every request has a cursor of its own, so that no page is answered from memory. Ids between those of a conversation
 * are another's, and good cursors too: so a conversation of 100 has as many as it takes.
 */
const kinds: Record<string, (conversation: Filled, share: number) => string> = {
  'at the end (before_id)': ({ lastId }, share) => `before_id=${lastId + 1 + Math.floor(share * 1e9)}`,
  'at the beginning (after_id)': ({ firstId }, share) => `after_id=${firstId - 1 - Math.floor(share * 1e9)}`,
  'in the middle (before_id)': (conversation, share) => `before_id=${middle(conversation, share)}`,
  'in the middle (after_id)': (conversation, share) => `after_id=${middle(conversation, share)}`,
  'in the middle (around_id)': (conversation, share) => `around_id=${middle(conversation, share)}`,
}

/** A page of a conversation of 1,000,000 messages against one of a conversation of 100. */
export async function measureDepth(): Promise<Report> {
  using directory = temporaryDirectory()
  const [small, large] = (await makeData(directory.path, [
    { messages: 100, idStep: 1000 },
    { messages: 1_000_000, idStep: 1000 },
  ])) as [Filled, Filled]
  await using server = await startNdoto(directory.path)
  const pairs: [string, Standing[]][] = []
  for (const [kind, cursor] of Object.entries(kinds)) {
    const target = { port: server.port, token: server.token }
    await using smallLoad = openLoad({ ...target, paths: paths(small, cursor) })
    await using largeLoad = openLoad({ ...target, paths: paths(large, cursor) })
    const contestants = [
      { name: 'small', run: smallLoad.run, pid: server.pid },
      { name: 'large', run: largeLoad.run, pid: server.pid },
    ]
    pairs.push([kind, await compare(contestants, { rounds, seconds: 0.6, warmUp: 1 })])
  }
  return report(pairs)
}

function paths(conversation: Filled, cursor: (conversation: Filled, share: number) => string): string[] {
  const stride = 7919
  const share = (index: number) => ((index * stride) % cursors) / cursors
  return Array.from(
    { length: cursors },
    (_, index) => `${conversation.path}?limit=20&${cursor(conversation, share(index))}`,
  )
}

/** An id of the middle half. */
function middle({ firstId, lastId }: Filled, share: number): number {
  return Math.floor(firstId + (lastId - firstId) * (0.25 + share / 2))
}

function report(pairs: [string, Standing[]][]): Report {
  const times = (standings: Standing[]) => 1 / standings[1]!.ratio
  const rows = pairs.map(([kind, standings]) => [
    kind,
    ...standings.map(({ perSecond }) => count(perSecond)),
    times(standings).toFixed(2),
    ...standings.map(({ bytes }) => count(bytes)),
  ])
  const worst = Math.max(...pairs.map(([, standings]) => times(standings)))
  const sameSize = pairs.every(([, [small, large]]) => Math.abs(small!.bytes - large!.bytes) < 10)
  return {
    title: `A page of 20 in a conversation of 1,000,000 messages and of 100: 32 connections, medians of ${rounds} rounds`,
    table: [['', 'of 100: requests/s', 'of 1,000,000', 'times as long', 'bytes', 'bytes'], ...rows],
    claims: [
      {
        work: 'A page of a conversation of 1,000,000 messages, any cursor, against one of 100',
        measured: `${worst.toFixed(2)} times as long at most${sameSize ? '' : ', but the answers differ in size'}`,
        goal: `at most ${goal} times`,
        met: worst <= goal && sameSize,
      },
    ],
  }
}

if (import.meta.main) await show(measureDepth)
