import { createData, message } from './data.ts'
import { temporaryDirectory } from './directory.ts'
import { openLoad } from './load.ts'
import { count, type Report, runBenchmark } from './report.ts'
import { compare, type Measurement } from './rounds.ts'
import { type Server, startNdoto } from './servers.ts'

const rounds = 7
const goal = 0.8

/** Compares the API of Chatwoot with the main one: the same page of messages and of conversations, and the same new message. */
export async function measureChatwoot(): Promise<Report> {
  using directory = temporaryDirectory()
  const sizes = Array.from({ length: 30 }, () => ({ messages: 100 }))
  const [first] = await createData(directory.path, sizes)
  await using server = await startNdoto(directory.path)
  const messages = `${first!.path}?limit=20`
  const rows = [
    await compareBoth(server, 'a page of 20 messages', messages),
    await compareBoth(server, 'a page of 25 conversations', '/api/v1/accounts/1/conversations'),
    await compareBoth(server, 'a new message', first!.path, JSON.stringify(message)),
  ]
  return {
    title: `The API of Chatwoot and the main one, on the same server: medians of ${rounds} rounds`,
    table: [
      ['', 'main API', 'Chatwoot', 'of the main API', 'processor/request, both'],
      ...rows.map(({ what, main, chatwoot }) => [
        what,
        `${count(main.perSecond)}/s`,
        `${count(chatwoot.perSecond)}/s`,
        chatwoot.ratio.toFixed(2),
        `${Math.round(main.cost)} µs, ${Math.round(chatwoot.cost)} µs`,
      ]),
    ],
    claims: rows.map(({ what, chatwoot: { ratio } }) => ({
      work: `Requests a second to the API of Chatwoot, of those to the main API: ${what}`,
      measured: ratio.toFixed(2),
      goal: `at least ${goal}`,
      met: ratio >= goal,
    })),
  }
}

interface Comparison {
  what: string
  main: Measurement
  chatwoot: Measurement
}

async function compareBoth(server: Server, what: string, path: string, body?: string): Promise<Comparison> {
  const { port, token, pid } = server
  const request = body === undefined ? {} : { method: 'POST' as const, body }
  const target = { port, token, ...request }
  await using main = openLoad({ ...target, paths: [path], status: body === undefined ? 200 : 201 })
  await using dialect = openLoad({ ...target, paths: [`/chatwoot${path}`], status: 200 })
  const [one, other] = await compare(
    [
      { name: 'main', run: main.run, pid },
      { name: 'chatwoot', run: dialect.run, pid },
    ],
    { rounds, seconds: 1 },
  )
  return { what, main: one!, chatwoot: other! }
}

if (import.meta.main) await runBenchmark(measureChatwoot)
