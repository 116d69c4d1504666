import assert from 'node:assert/strict'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { inboundSecret, mail } from './mails.ts'
import { oddMails } from './odd-mails.ts'
import {
  call,
  readDatabase,
  type Scope,
  type ServerProcess,
  startProgram,
  temporaryDirectory,
} from './process.ts'

const deliverers = 8
const malformed = [
  'parts in 2,000 levels',
  'no mail',
  'a header of 3 MB',
  'two senders',
  'bare carriage returns',
]

interface Load {
  /** Mails that are as they should be. */
  count: number
  malformed: number
  /** How often the server is killed meanwhile. */
  kills: number
}

/**
 * Delivers mails to a server that is killed meanwhile, each until the server has confirmed it, and asserts that each is
 * stored once. Returns the seconds that it took.
 */
export async function deliverWhileKilling(
  scope: Scope,
  load: Load,
): Promise<{ total: number; seconds: number }> {
  const data = temporaryDirectory(scope)
  let server: Promise<ServerProcess> = startProgram(scope, { data })
  const channel = { type: 'email', email: 'support@example.com', inbound_secret: inboundSecret }
  const { status, body } = await call(await server, '/inboxes', { body: { name: 'Mail', channel } })
  assert.equal(status, 201)
  const waiting = mailsOf(load)
  const total = waiting.length
  let delivered = 0
  const work = async () => {
    for (let raw = waiting.pop(); raw; raw = waiting.pop()) {
      for (let tries = 0; !(await deliver((await server).url, body.inbox_identifier, raw)); tries++) {
        assert.ok(tries < 500, 'a mail is never confirmed')
        await sleep(20)
      }
      delivered++
    }
  }
  const start = performance.now()
  const working = Promise.all(Array.from({ length: deliverers }, work))
  for (let kill = 1; kill <= load.kills; kill++) {
    while (delivered < (total * kill) / (load.kills + 1)) await Promise.race([working, sleep(5)])
    const running = await server
    const { promise, resolve } = Promise.withResolvers<ServerProcess>()
    server = promise
    running.kill('SIGKILL')
    await running.ended
    resolve(await startProgram(scope, { data }))
  }
  await working
  const seconds = (performance.now() - start) / 1000
  const counts = readDatabase(join(data, 'ndoto.db'), (database) =>
    database
      .prepare('select count(*) as count from messages where source_id is not null group by source_id')
      .all(),
  )
  assert.equal(counts.length, total)
  assert.ok(counts.every(({ count }) => count === 1))
  return { total, seconds }
}

function mailsOf({ count, malformed: broken }: Load): Buffer[] {
  const odd = oddMails.filter(({ name }) => malformed.includes(name)).map(({ raw }) => raw())
  const all = Array.from({ length: count }, (_, index) =>
    mail({ id: `<${index}@example.org>`, from: `p${index % 500}@example.org` }),
  )
  for (let index = 0; index < broken; index++) {
    // In front, so that none has the bytes or the Message-ID of another.
    const id = Buffer.from(`Message-ID: <broken${index}@example.org>\r\n`)
    all.splice(Math.floor((index * count) / broken), 0, Buffer.concat([id, odd[index % odd.length]!]))
  }
  return all
}

async function deliver(url: string, identifier: string, raw: Buffer): Promise<boolean> {
  const request = fetch(`${url}/channels/email/${identifier}/inbound`, {
    method: 'POST',
    body: raw as never,
    headers: { 'content-type': 'message/rfc822', authorization: `Bearer ${inboundSecret}` },
  })
  return request.then(
    ({ status }) => status === 200,
    () => false,
  )
}
