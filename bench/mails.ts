import { fork } from 'node:child_process'
import { temporaryDirectory } from './directory.ts'
import { nextMessage, stop } from './load.ts'
import { type MailRate, mailReport } from './mail-report.ts'
import { count, type Report, runBenchmark } from './report.ts'
import { call, processorTime, startNdoto } from './servers.ts'
import { median } from './statistics.ts'

const mails = 3000
const conversations = 200
const rounds = 3
/** Per minute. */
const goal = 3000

/**
 * Measures how many messages of agents a server sends by mail to a mail server on the same machine that takes them at once,
 * from the first post to the last mail.
 */
export async function measureMails(): Promise<Report> {
  return mailReport(
    {
      title: `Send ${count(mails)} mails on one machine: medians of ${rounds} rounds`,
      work: `Send ${count(mails)} mails`,
      goal,
    },
    measureOn,
  )
}

async function measureOn(environment: Record<string, string>): Promise<MailRate> {
  using directory = temporaryDirectory()
  const receiver = fork(new URL('mail-receiver-process.ts', import.meta.url))
  try {
    const port = (await nextMessage(receiver)) as number
    await using server = await startNdoto(directory.path, {
      ...environment,
      NDOTO_WEBHOOK_ALLOW_PRIVATE: 'true',
    })
    const channel = {
      type: 'email',
      email: 'support@example.com',
      smtp: { host: '127.0.0.1', port, tls: 'none' },
    }
    const create = async (path: string, body: object): Promise<number> =>
      JSON.parse(await call(server, path, body)).id
    const inbox_id = await create('/inboxes', { name: 'Mail', channel })
    const contact_id = await create('/contacts', { name: 'Ann', email: 'ann@example.com' })
    const ids: number[] = []
    while (ids.length < conversations) ids.push(await create('/conversations', { inbox_id, contact_id }))
    const message = { content: 'Thanks for reaching out!', message_type: 'outgoing' }
    const results: MailRate[] = []
    for (let round = 0; round < rounds; round++) {
      const queue = Array.from({ length: mails }, (_, i) => ids[i % ids.length]!)
      const before = processorTime(server.pid)
      receiver.send(mails)
      const done = nextMessage(receiver)
      const post = async () => {
        for (let id = queue.pop(); id; id = queue.pop()) {
          await call(server, `/conversations/${id}/messages`, message)
        }
      }
      await Promise.all(Array.from({ length: 16 }, post))
      const seconds = (await done) as number
      const cost = ((processorTime(server.pid) - before) / mails) * 1e6
      results.push({ perMinute: (mails / seconds) * 60, cost })
    }
    const of = (field: 'perMinute' | 'cost') => median(results.map((result) => result[field]))
    return { perMinute: of('perMinute'), cost: of('cost') }
  } finally {
    await stop(receiver)
  }
}

if (import.meta.main) await runBenchmark(measureMails)
