import assert from 'node:assert/strict'
import { setTimeout } from 'node:timers/promises'
import type { ApiResponse } from './app.ts'
import { call } from './process.ts'

/** A server, in this process or in another. */
type Server = { url: string }

/** A response and how long it took, in milliseconds. */
export type TimedResponse = ApiResponse & { took: number }

/** Adds to a response how long it took, from this call on. */
export async function timed(pending: Promise<ApiResponse>): Promise<TimedResponse> {
  const start = performance.now()
  const response = await pending
  return { ...response, took: performance.now() - start }
}

/** A message that a client has sent. */
export interface SentMessage {
  content: string
  /** undefined if the client got no response that confirms it. */
  id: number | undefined
}

/** Clients that are sending messages. */
export interface Load {
  sent: SentMessage[]
  /** The responses other than 200 and 201. */
  refusals: TimedResponse[]
  /** When messages were confirmed, on the clock of `performance.now()`. */
  confirmedAt: number[]
  /** Waits for the response to what each client has sent last. */
  stop(): Promise<void>
}

/**
 * Starts clients that send one message after another, each to one of the conversations. Every other client sends its
 * messages with an idempotency key, and repeats each until it is confirmed. The others send each message once.
 */
export function startLoad(server: Server, name: string, clients: number, conversations: number[]): Load {
  const load = { sent: [] as SentMessage[], refusals: [] as TimedResponse[], confirmedAt: [] as number[] }
  let stopping = false
  const send = async (to: number, content: string, key?: string): Promise<number | undefined> => {
    const response = await timed(postMessageTo(server, to, content, key)).catch(() => undefined)
    if (!response) {
      // The server has stopped.
      stopping = true
    } else if (response.status === 201 || response.status === 200) {
      load.confirmedAt.push(performance.now())
      return response.body.id
    } else load.refusals.push(response)
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
      load.sent.push({ content, id })
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

/** Asserts that confirmed messages are stored exactly once, under their ids, and others at most once. */
export async function assertStored(
  sent: SentMessage[],
  server: Server,
  conversations: number[],
): Promise<void> {
  const lists = await Promise.all(conversations.map((id) => messagesOf(server, id)))
  const stored = Map.groupBy(lists.flat(), ({ content }) => content)
  for (const { content, id } of sent) {
    const ids = stored.get(content)?.map((message) => message.id) ?? []
    if (id === undefined) assert.ok(ids.length <= 1, `${content} is stored ${ids.length} times`)
    else assert.deepEqual(ids, [id], content)
  }
}

async function messagesOf(server: Server, id: number): Promise<{ id: number; content: string }[]> {
  const { status, body } = await call(server, `/conversations/${id}/messages`)
  assert.equal(status, 200, JSON.stringify(body))
  return body.payload
}

/** Creates conversations until there are `count`, including the first, and returns their ids. */
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

/** Calls `act` again and again. `stop()` waits for the last call, and returns all results. */
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
