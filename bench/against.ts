import { join, resolve } from 'node:path'
import { message } from './data.ts'
import { temporaryDirectory } from './directory.ts'
import { openLoad } from './load.ts'
import { freshDatabase, testServer } from './postgres.ts'
import { count, type Report, runBenchmark } from './report.ts'
import { compare } from './rounds.ts'
import { call, startNdoto } from './servers.ts'

/*
 * Compares posts with those of another checkout, which has its dependencies installed, in one run:
 *
 *     git worktree add ../before main && (cd ../before && npm ci)
 *     node bench/against.ts ../before
 */
const rounds = 9
const conversations = 50
// Other work of the machine moves the median of the ratios by a few percent.
const goal = 0.95

async function measureAgainst(other: string): Promise<Report> {
  const rows: string[][] = []
  const claims: Report['claims'] = []
  for (const engine of ['SQLite', ...(testServer ? ['PostgreSQL'] : [])]) {
    using first = temporaryDirectory()
    using second = temporaryDirectory()
    await using theirDatabase = engine === 'PostgreSQL' ? await freshDatabase() : undefined
    await using ownDatabase = engine === 'PostgreSQL' ? await freshDatabase() : undefined
    const settings = (database?: { url: string }): Record<string, string> =>
      database ? { DATABASE_URL: database.url } : {}
    await using before = await startNdoto(first.path, settings(theirDatabase), join(other, 'bin/ndoto.mjs'))
    await using after = await startNdoto(second.path, settings(ownDatabase))
    const paths: string[] = []
    for (let index = 0; index < conversations; index++) {
      for (const server of [before, after]) {
        const { id } = JSON.parse(await call(server, '/conversations', { inbox_id: 1, contact_id: 1 }))
        paths[index] = `/api/v1/accounts/1/conversations/${id}/messages`
      }
    }
    for (const message_type of ['outgoing', 'incoming']) {
      const target = {
        paths,
        method: 'POST' as const,
        status: 201,
        body: JSON.stringify({ ...message, message_type }),
      }
      await using old = openLoad({ ...target, token: before.token, port: before.port })
      await using own = openLoad({ ...target, token: after.token, port: after.port })
      const what = `${message_type} on ${engine}`
      const measurements = await compare(
        [
          { name: `${what}: the other checkout`, run: old.run, pid: before.pid },
          { name: `${what}: this one`, run: own.run, pid: after.pid },
        ],
        { rounds, seconds: 1 },
      )
      for (const { name, perSecond, ratio, p99, cost } of measurements) {
        rows.push([
          name,
          count(perSecond),
          ratio.toFixed(2),
          `${p99.toFixed(1)} ms`,
          `${Math.round(cost)} µs`,
        ])
      }
      const { ratio } = measurements[1]!
      claims.push({
        work: `posts, ${what}, of the other checkout`,
        measured: `${ratio.toFixed(2)} times`,
        goal: `at least ${goal} times`,
        met: ratio >= goal,
      })
    }
  }
  return {
    title: `Posts over 32 connections: medians of ${rounds} rounds`,
    table: [['', 'messages/s', 'ratio', 'p99', 'processor/message'], ...rows],
    claims,
  }
}

const [other] = process.argv.slice(2)
if (other) await runBenchmark(() => measureAgainst(resolve(other)))
else process.stdout.write('Name the directory of the other checkout: node bench/against.ts ../before\n')
