import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { eventually } from '../eventually.ts'
import {
  assertSound,
  listMessages,
  postMessage,
  type ServerProcess,
  startProgram,
  temporaryDirectory,
} from '../process.ts'

const clients = 24
const crashes = 5

/** A message that the server has confirmed. */
interface Confirmed {
  id: number
  status: number
  content: string
  created_at: number
  /** How often it was sent. */
  tries: number
}

describe('A server that is killed while many clients write', () => {
  it('has every confirmed message once, under its id and in order, after five crashes', async (t) => {
    const data = temporaryDirectory(t)
    let server: Promise<ServerProcess> = startProgram(t, { data })
    let stopping = false
    let confirmed = 0

    /** Sends one message after another, each until it is confirmed. */
    const client = async (name: number): Promise<Confirmed[]> => {
      const sent: Confirmed[] = []
      for (let count = 0; !stopping; count++) {
        const content = `message ${count} of client ${name}`
        sent.push(await sendUntilConfirmed(content))
      }
      return sent
    }
    const sendUntilConfirmed = async (content: string): Promise<Confirmed> => {
      for (let tries = 1; ; tries++) {
        const response = await postMessage(await server, content, content).catch(() => undefined)
        if (response) {
          confirmed++
          const { id, created_at } = response.body
          return { id, status: response.status, content, created_at, tries }
        }
        assert.ok(tries < 100, 'the server has not started again')
        await setTimeout(10)
      }
    }

    const working = Array.from({ length: clients }, (_, name) => client(name))
    for (let crash = 0; crash < crashes; crash++) {
      const running = await server
      const before = confirmed
      await eventually(() => confirmed >= before + clients)
      // So that crashes happen at different moments.
      await setTimeout(100 + 37 * crash)
      const { promise, resolve } = Promise.withResolvers<ServerProcess>()
      server = promise
      running.kill('SIGKILL')
      assert.equal((await running.ended).signal, 'SIGKILL')
      resolve(await startProgram(t, { data }))
    }
    await setTimeout(100)
    stopping = true
    const sent = (await Promise.all(working)).flat()
    const stored = (await listMessages(await server)).slice(1)

    assert.ok(sent.length > clients * crashes, `only ${sent.length} messages were sent`)
    const repeated = sent.filter(({ tries }) => tries > 1)
    assert.ok(repeated.length >= crashes, 'no request was running when the server was killed')
    assert.deepEqual(new Set(sent.map(({ status }) => status)).difference(new Set([200, 201])), new Set())

    const byId = (one: { id: number }, other: { id: number }) => one.id - other.id
    const shape = ({ id, content, created_at }: Omit<Confirmed, 'status' | 'tries'>) => ({
      id,
      content,
      created_at,
    })
    assert.deepEqual(stored.map(shape), sent.sort(byId).map(shape))
    for (const [index, message] of stored.entries()) {
      const before = stored[index - 1]
      if (before) assert.ok(before.id < message.id && before.created_at <= message.created_at)
    }
    for (const own of Map.groupBy(stored, ({ content }) => content.split(' of ')[1]!).values()) {
      assert.deepEqual(
        own.map(({ content }) => Number(content.split(' ')[1])),
        own.map((_, index) => index),
      )
    }
    assertSound(join(data, 'ndoto.db'))
  })
})
