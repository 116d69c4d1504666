import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { message } from './data.ts'
import { temporaryDirectory } from './directory.ts'
import { openLoad } from './load.ts'
import { count, type Report, runBenchmark } from './report.ts'
import { compare } from './rounds.ts'
import { call, startNdoto } from './servers.ts'
import { median } from './statistics.ts'

const participants = 50
const conversations = 16
const rounds = 7
const samples = 25
// Posts to conversations with participants, compared with others, and milliseconds until all have a notification.
const goals = { ratio: 0.5, delay: 100 }

/** Measures messages in conversations that 50 users follow, on SQLite: each of them gets a notification. */
export async function measureNotifications(): Promise<Report> {
  using directory = temporaryDirectory()
  const [alone, followed] = await create(directory.path)
  await using server = await startNdoto(directory.path)
  const target = {
    port: server.port,
    token: server.token,
    method: 'POST' as const,
    status: 201,
    body: JSON.stringify({ ...message, message_type: 'incoming' }),
  }
  await using toAlone = openLoad({ ...target, paths: alone!.map(pathOf) })
  await using toFollowed = openLoad({ ...target, paths: followed!.map(pathOf) })
  const measured = await compare(
    [
      { name: 'conversations that nobody follows', run: toAlone.run, pid: server.pid },
      { name: `conversations that ${participants} users follow`, run: toFollowed.run, pid: server.pid },
    ],
    { rounds, seconds: 1 },
  )
  const delay = await delayOf(directory.path, () =>
    call(server, `/conversations/${followed![0]}/messages`, { ...message, message_type: 'incoming' }),
  )
  return {
    title: `Notifications of ${participants} users for each message, on SQLite: medians of ${rounds} rounds`,
    table: [
      ['messages to', 'messages/s', 'ratio', 'p99', 'processor/message'],
      ...measured.map(({ name, perSecond, ratio, p99, cost }) => [
        name,
        count(perSecond),
        ratio.toFixed(2),
        `${p99.toFixed(1)} ms`,
        `${cost.toFixed(0)} µs`,
      ]),
    ],
    claims: [
      {
        work: `messages to conversations that ${participants} users follow, compared with others`,
        measured: `${measured[1]!.ratio.toFixed(2)} times`,
        goal: `at least ${goals.ratio} times`,
        met: measured[1]!.ratio >= goals.ratio,
      },
      {
        work: `from the answer to a message until ${participants} users have a notification of it`,
        measured: `${delay.toFixed(0)} ms`,
        goal: `at most ${goals.delay} ms`,
        met: delay <= goals.delay,
      },
    ],
  }
}

function pathOf(id: number): string {
  return `/api/v1/accounts/1/conversations/${id}/messages`
}

/** Creates conversations, and users who follow the second half of them. Returns the ids of both halves. */
async function create(directory: string): Promise<[number[], number[]]> {
  const ids: number[] = []
  {
    await using server = await startNdoto(directory)
    for (let index = 0; index < conversations * 2; index++) {
      const conversation = await call(server, '/conversations', { inbox_id: 1, contact_id: 1 })
      ids.push(JSON.parse(conversation).id)
    }
  }
  const [alone, followed] = [ids.slice(0, conversations), ids.slice(conversations)]
  const database = new DatabaseSync(join(directory, 'ndoto.db'))
  database.exec(`
    create temp table numbers as with recursive n (n) as (select 1 union all select n + 1 from n where n < ${participants})
      select 1000 + n as n from n;
    insert into users (id, login, name, email, password_hash, confirmed, created_at, updated_at)
      select n, n || '@example.com', 'User ' || n, n || '@example.com', '', 1, 1, 1 from numbers;
    insert into account_users (account_id, user_id, role, created_at) select 1, n, 'administrator', 1 from numbers;
    insert into conversation_participants (account_id, conversation_id, user_id, inbox_id, status, activity_hour, created_at)
      select 1, c.id, n, c.inbox_id, c.status, c.last_activity_at / 3600000, 1 from numbers cross join conversations c
      where c.id in (${followed.join(', ')});`)
  database.close()
  return [alone, followed]
}

/** Returns the median of the milliseconds until all participants have a notification of a message. */
async function delayOf(directory: string, post: () => Promise<string>): Promise<number> {
  using database = new DatabaseSync(join(directory, 'ndoto.db'), { readOnly: true })
  const find = database.prepare('select count(*) as count from notifications where message_id = ?')
  const times: number[] = []
  for (let sample = 0; sample < samples; sample++) {
    const { id } = JSON.parse(await post())
    const start = performance.now()
    while ((find.get(id) as { count: number }).count < participants) await sleep(1)
    times.push(performance.now() - start)
  }
  return median(times)
}

if (import.meta.main) await runBenchmark(measureNotifications)
