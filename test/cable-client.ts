import assert from 'node:assert/strict'
import { WebSocket } from 'ws'
import { pubsubTokenOf, userPubsubToken } from '../src/features/dialects/chatwoot/pubsub-tokens.ts'
import { identification } from '../src/http/auth.ts'
import type { TestApp } from './app.ts'
import { eventually } from './eventually.ts'

// biome-ignore lint/suspicious/noExplicitAny: tests read messages of every shape
type Message = any

/** A connection to `/cable`, without any client library. */
export interface CableClient {
  /** All messages so far, except for pings. */
  received: Message[]
  /** The events so far. */
  readonly events: { event: string; data: Message }[]
  pings: number
  readonly isClosed: boolean
  socket: WebSocket
  send(command: object | string): void
  /** Waits for a message that matches, and returns it. */
  find(matches: (message: Message) => boolean): Promise<Message>
  /** Waits for an event with this name that matches, and returns its data. */
  event(name: string, matches?: (data: Message) => boolean): Promise<Message>
  close(): void
}

interface CableOptions {
  path?: string
  headers?: Record<string, string>
}

/** Connects to `/cable`, and waits for the welcome. */
export async function connectCable(
  { app }: Pick<TestApp, 'app'>,
  { path = '/chatwoot/cable', headers = {} }: CableOptions = {},
): Promise<CableClient> {
  const url = app.url.replace('http', 'ws') + path
  const socket = new WebSocket(url, ['actioncable-v1-json', 'actioncable-unsupported'], { headers })
  const received: Message[] = []
  const client: CableClient = {
    received,
    get events() {
      return received.flatMap(({ message }) => message ?? [])
    },
    pings: 0,
    get isClosed() {
      return socket.readyState === WebSocket.CLOSED
    },
    socket,
    send: (command) => socket.send(typeof command === 'string' ? command : JSON.stringify(command)),
    async find(matches) {
      await eventually(() => received.some(matches), `a message that matches ${matches}`)
      return received.find(matches)
    },
    async event(name, matches = () => true) {
      const isIt = ({ event, data }: { event: string; data: Message }) => event === name && matches(data)
      await eventually(() => client.events.some(isIt), `${name} that matches ${matches}`)
      return client.events.find(isIt)!.data
    },
    close: () => socket.terminate(),
  }
  socket.on('message', (data) => {
    const message = JSON.parse(String(data))
    if (message.type === 'ping') client.pings += 1
    else received.push(message)
  })
  socket.on('error', () => {})
  await client.find(({ type }) => type === 'welcome')
  assert.equal(socket.protocol, 'actioncable-v1-json')
  return client
}

/** Subscribes a connection with the token of a credential, and waits for the answer. Returns its type. */
export async function subscribe(client: CableClient, identifier: string): Promise<string> {
  client.send({ command: 'subscribe', identifier })
  const isAnswer = (one: Message) => one.identifier === identifier && one.type !== undefined
  return (await client.find(isAnswer)).type
}

/** The identifier of a user, with one of their access tokens. */
export async function userIdentifier(
  { app }: Pick<TestApp, 'app'>,
  token: string,
  more: object = {},
): Promise<string> {
  const credential = { kind: 'token', secret: token } as const
  const { userId } = (await identification.of(app.database)(credential, 1))!
  const pubsub_token = await userPubsubToken(app.database.read, userId, credential)
  return JSON.stringify({ channel: 'RoomChannel', pubsub_token, account_id: 1, ...more })
}

/** The identifier of a contact. */
export function contactIdentifier(
  { app }: Pick<TestApp, 'app'>,
  inbox_identifier: string,
  source_id: string,
): string {
  const credential = { kind: 'contact', inbox_identifier, source_id } as const
  return JSON.stringify({ channel: 'RoomChannel', pubsub_token: pubsubTokenOf(app.database, credential) })
}

/** Connects as a user, and waits until the subscription is confirmed. */
export async function followAsUser(test: TestApp, token = test.token): Promise<CableClient> {
  const client = await connectCable(test)
  assert.equal(await subscribe(client, await userIdentifier(test, token)), 'confirm_subscription')
  return client
}
