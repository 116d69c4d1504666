import assert from 'node:assert/strict'
import { setTimeout } from 'node:timers/promises'
import type { ApiResponse } from './app.ts'
import { call } from './process.ts'

/** A server, wherever it runs. */
type Server = { url: string }

/** An answer and how long it took, in milliseconds. */
export type TimedResponse = ApiResponse & { took: number }

export async function timed(asked: Promise<ApiResponse>): Promise<TimedResponse> {
  const start = performance.now()
  const answer = await asked
  return { ...answer, took: performance.now() - start }
}

/** What a client was told about a message of its own. */
export interface SentMessage {
  content: string
  /** undefined where it was not answered. */
  id: number | undefined
}

/** Clients at work. */
export interface Load {
  told: SentMessage[]
  /** The answers that were refusals. */
  refusals: TimedResponse[]
  /** When messages were answered. */
  answered: number[]
  /** Lets each client finish what it has sent. */
  stop(): Promise<void>
}

/**
 * Clients that send one message after another, each to one of the conversations. Those of even numbers send a message
 * with a key until it is answered; the others send each once.
 */
export function startLoad(server: Server, name: string, clients: number, conversations: number[]): Load {
  const load = { told: [] as SentMessage[], refusals: [] as TimedResponse[], answered: [] as number[] }
  let stopping = false
  const send = async (to: number, content: string, key?: string): Promise<number | undefined> => {
    const answer = await timed(postMessageTo(server, to, content, key)).catch(() => undefined)
    if (!answer) {
      // The server is gone.
      stopping = true
    } else if (answer.status === 201 || answer.status === 200) {
      load.answered.push(performance.now())
      return answer.body.id
    } else load.refusals.push(answer)
    return undefined
  }
  const client = async (number: number) => {
    const to = conversations[number % conversations.length]!
    for (let index = 0; !stopping; index++) {
      const content = `${name}: ${index} of client ${number}`
      const key = number % 2 === 0 ? content : undefined
      let id = await send(to, content, key)
      while (key && id === undefined && !stopping) {
        await setTimeout(20)
        id = await send(to, content, key)
      }
      load.told.push({ content, id })
      if (id === undefined) await setTimeout(20)
    }
  }
  const running = Array.from({ length: clients }, (_, number) => client(number))
  return {
    ...load,
    async stop() {
      stopping = true
      await Promise.all(running)
    },
  }
}

/** Asserts that what was answered is stored under its id exactly once, and what was not at most once. */
export async function assertStored(
  told: SentMessage[],
  server: Server,
  conversations: number[],
): Promise<void> {
  const lists = await Promise.all(conversations.map((id) => messagesOf(server, id)))
  const stored = Map.groupBy(lists.flat(), ({ content }) => content)
  for (const { content, id } of told) {
    const found = stored.get(content)?.map((message) => message.id) ?? []
    if (id === undefined) assert.ok(found.length <= 1, `${content} is there ${found.length} times`)
    else assert.deepEqual(found, [id], content)
  }
}

async function messagesOf(server: Server, id: number): Promise<{ id: number; content: string }[]> {
  const { status, body } = await call(server, `/conversations/${id}/messages`)
  assert.equal(status, 200, JSON.stringify(body))
  return body.payload
}

/** Makes conversations until there are `count` with the first; gives their ids. */
export async function createConversations(server: Server, count: number): Promise<number[]> {
  const ids = [1]
  while (ids.length < count) {
    const { status, body } = await call(server, '/conversations', { body: { inbox_id: 1, contact_id: 1 } })
    assert.equal(status, 201, JSON.stringify(body))
    ids.push(body.id)
  }
  return ids
}

/** Sends a message to a conversation; `key` is its Idempotency-Key. */
export function postMessageTo(
  server: Server,
  conversation: number,
  content: string,
  key?: string,
): Promise<ApiResponse> {
  const headers: Record<string, string> = key === undefined ? {} : { 'idempotency-key': key }
  const body = { content, message_type: 'outgoing' }
  return call(server, `/conversations/${conversation}/messages`, { body, headers })
}

/** Does something again and again until told to stop, and then gives all results. */
export function repeatedly<T>(act: () => Promise<T>, pause = 0): { stop(): Promise<T[]> } {
  const all: T[] = []
  let stopping = false
  const running = (async () => {
    while (!stopping) {
      all.push(await act())
      if (pause > 0) await setTimeout(pause)
    }
  })()
  return {
    async stop() {
      stopping = true
      await running
      return all
    },
  }
}
