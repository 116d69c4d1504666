import { setTimeout as sleep } from 'node:timers/promises'
import { startTestApp } from '../test/app.ts'
import { startDovecot } from '../test/dovecot.ts'
import { eventually } from '../test/eventually.ts'
import { deliverWhileKilling } from '../test/mail-crashes.ts'
import { addMailInbox, mail, storedMails } from '../test/mails.ts'

/*
 * How many mails a server stores in a minute, delivered and from a mailbox, and whether each of 10,000 mails, 200 of them
 * malformed, is stored once if the server is killed 50 times meanwhile: `node bench/mail-crashes.ts`.
 */
const ends: (() => unknown)[] = []
const scope = { after: (end: () => unknown) => void ends.push(end) }

async function run(name: string, load: { count: number; malformed: number; kills: number }): Promise<void> {
  const { total, seconds } = await deliverWhileKilling(scope as never, load)
  const perMinute = Math.round((total / seconds) * 60).toLocaleString('en')
  process.stdout.write(
    `${name}: ${total} mails in ${seconds.toFixed(1)} s, ${perMinute} a minute, each once\n`,
  )
}

async function fromMailbox(count: number): Promise<void> {
  const dovecot = await startDovecot(scope as never)
  const test = await startTestApp({ NDOTO_WEBHOOK_ALLOW_PRIVATE: 'true' }, { resolve: undefined })
  const { id } = await addMailInbox(test, { imap: dovecot.imap })
  await eventually(async () => (await test.api(`/inboxes/${id}/mailbox`)).body.state === 'connected')
  await test.app.close()
  await dovecot.append(
    Array.from({ length: count }, (_, index) => mail({ from: `p${index % 100}@example.org` })),
  )
  const start = performance.now()
  await test.restart()
  while ((await storedMails(test)).length < count) await sleep(50)
  const seconds = (performance.now() - start) / 1000
  const perMinute = Math.round((count / seconds) * 60).toLocaleString('en')
  process.stdout.write(`from a mailbox: ${count} mails in ${seconds.toFixed(1)} s, ${perMinute} a minute\n`)
  await test.close()
}

await fromMailbox(1000)
await run('without kills', { count: 2000, malformed: 0, kills: 0 })
await run('with 50 kills', { count: 9800, malformed: 200, kills: 50 })
for (const end of ends) await end()
