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

/** What a client was told about its message. */
interface Told {
  id: number
  status: number
  content: string
  created_at: number
  /** How often the same message was sent before an answer came. */
  tries: number
}

describe('a server that is killed while many write', () => {
  it('has every message that it answered, once, under its id and in order, after five crashes', async (t) => {
    const data = temporaryDirectory(t)
    let server: Promise<ServerProcess> = startProgram(t, { data })
    let stopping = false
    let answers = 0

    /** Sends one message after another, each until it is answered. */
    const client = async (name: number): Promise<Told[]> => {
      const told: Told[] = []
      for (let count = 0; !stopping; count++) {
        const content = `message ${count} of client ${name}`
        told.push(await sendUntilAnswered(content))
      }
      return told
    }
    const sendUntilAnswered = async (content: string): Promise<Told> => {
      for (let tries = 1; ; tries++) {
        const answer = await postMessage(await server, content, content).catch(() => undefined)
        if (answer) {
          answers++
          const { id, created_at } = answer.body
          return { id, status: answer.status, content, created_at, tries }
        }
        assert.ok(tries < 100, 'the server does not come back')
        await setTimeout(10)
      }
    }

    const working = Array.from({ length: clients }, (_, name) => client(name))
    for (let crash = 0; crash < crashes; crash++) {
      const running = await server
      const before = answers
      await eventually(() => answers >= before + clients)
      // Not always at the same place of what it does.
      await setTimeout(100 + 37 * crash)
      const { promise, resolve } = Promise.withResolvers<ServerProcess>()
      server = promise
      running.kill('SIGKILL')
      assert.equal((await running.ended).signal, 'SIGKILL')
      resolve(await startProgram(t, { data }))
    }
    await setTimeout(100)
    stopping = true
    const told = (await Promise.all(working)).flat()
    const stored = (await listMessages(await server)).slice(1)

    assert.ok(told.length > clients * crashes, `only ${told.length} messages were sent`)
    const repeated = told.filter(({ tries }) => tries > 1)
    assert.ok(repeated.length >= crashes, 'no message was on its way when the server was killed')
    assert.deepEqual(new Set(told.map(({ status }) => status)).difference(new Set([200, 201])), new Set())

    const byId = (one: { id: number }, other: { id: number }) => one.id - other.id
    const shape = ({ id, content, created_at }: Omit<Told, 'status' | 'tries'>) => ({
      id,
      content,
      created_at,
    })
    assert.deepEqual(stored.map(shape), told.sort(byId).map(shape))
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
