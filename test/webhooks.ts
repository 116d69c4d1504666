import assert from 'node:assert/strict'
import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { Overrides } from '../src/app.ts'
import type { DeliverySettings } from '../src/deliveries/deliverer.ts'
import { type ApiResponse, startTestApp, type TestApp } from './app.ts'
import { listen } from './local-servers.ts'

/** A schedule with short delays. */
const quick: DeliverySettings = {
  delays: [20, 20, 20, 20, 20, 20, 20],
  jitter: 0,
  timeout: 2000,
  grace: 2000,
}

/** Overrides of a server that calls webhooks, and repeats calls soon. */
export function callingWebhooks({ resolve, ...changes }: WebhookSettings = {}): Overrides {
  return { deliveries: { ...quick, ...changes }, ...(resolve ? { resolve } : {}) }
}

type WebhookSettings = DeliverySettings & Pick<Overrides, 'resolve'>

/** Starts a server that may call webhooks on this machine, and repeats calls soon. */
export function startWebhookApp(
  settings: WebhookSettings = {},
  environment: Record<string, string> = {},
): Promise<TestApp> {
  const overrides: Overrides = { resolve: undefined, ...callingWebhooks(settings) }
  return startTestApp({ NDOTO_WEBHOOK_ALLOW_PRIVATE: 'true', ...environment }, overrides)
}

export interface ReceivedRequest {
  headers: IncomingHttpHeaders
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests read events of every shape
  body: any
  /** Milliseconds since 1970. */
  at: number
}

export interface Receiver {
  url: string
  port: number
  /** The complete requests, in the order of their arrival. */
  received: ReceivedRequest[]
  /** Returns the `content` of each event so far. */
  contents(): string[]
}

/** Starts a server for webhooks. It responds with 204 unless `respond` does otherwise, and stops after the test. */
export async function startReceiver(
  respond: (response: ServerResponse, received: ReceivedRequest) => void | Promise<void> = () => {},
): Promise<Receiver> {
  const received: ReceivedRequest[] = []
  const server = createServer(async (request, response) => {
    const text = (await request.toArray()).join('')
    const one = { headers: request.headers, text, body: JSON.parse(text), at: Date.now() }
    received.push(one)
    await respond(response, one)
    if (!response.writableEnded && !response.headersSent) response.writeHead(204).end()
  })
  const { url, port } = await listen(server)
  return { url, port, received, contents: () => received.map(({ body }) => body.content) }
}

/** Creates a webhook of account 1, and returns it with its secret. */
export async function addWebhook(
  { api }: TestApp,
  url: string,
  subscriptions: string[] = ['message_created'],
): Promise<ApiResponse['body']> {
  const { status, body } = await api('/webhooks', { method: 'POST', body: { url, subscriptions } })
  assert.equal(status, 201, JSON.stringify(body))
  return body
}

/** Creates an API inbox with a webhook, and returns the ids of both. */
export async function addInboxWebhook(
  test: TestApp,
  webhook_url: string,
): Promise<{ inboxId: number; webhookId: number }> {
  const body = { name: 'Bridge', channel: { type: 'api', webhook_url } }
  const inbox = await test.api('/inboxes', { method: 'POST', body })
  assert.equal(inbox.status, 201)
  const { payload } = (await test.api('/webhooks')).body
  const webhook = payload.find((one: { inbox_id: number }) => one.inbox_id === inbox.body.id)
  return { inboxId: inbox.body.id, webhookId: webhook.id }
}

/** Returns the deliveries of a webhook of account 1, oldest first. */
export async function deliveriesOf({ api }: TestApp, webhookId: number): Promise<ApiResponse['body'][]> {
  const { status, body } = await api(`/webhooks/${webhookId}/deliveries?limit=100`)
  assert.equal(status, 200, JSON.stringify(body))
  return body.payload.reverse()
}

/** Deletes all webhooks of account 1, so that the events of one test are not sent during the next. */
export async function removeWebhooks({ api }: TestApp): Promise<void> {
  for (const { id } of (await api('/webhooks')).body.payload) {
    await api(`/webhooks/${id}`, { method: 'DELETE' })
  }
}
