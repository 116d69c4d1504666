import assert from 'node:assert/strict'
import type { TestApp } from './app.ts'
import { eventually } from './eventually.ts'

/** An event as it was received; `id` is undefined if the event is not in the log. */
export interface StreamEvent {
  id: number | undefined
  name: string
  // biome-ignore lint/suspicious/noExplicitAny: tests read events of every shape
  data: any
}

/** An open event stream. */
export interface EventStream {
  response: Response
  events: StreamEvent[]
  /** The events of the log, without signals. */
  readonly logged: StreamEvent[]
  /** The position to resume at. */
  readonly cursor: number | undefined
  /** The number of comment lines so far. */
  readonly comments: number
  readonly ended: boolean
  /** Waits for an event that matches, and returns it. */
  find(matches: (event: StreamEvent) => boolean): Promise<StreamEvent>
  /** Returns the events with this name so far. */
  named(name: string): StreamEvent[]
  close(): void
}

export interface StreamOptions {
  token?: string
  /** The path of the stream; the default is that of the account. */
  path?: string
  /** The query string, such as `after=7`. */
  query?: string
  headers?: Record<string, string>
  /** The URL of another node. */
  url?: string
  accountId?: number
}

/** Opens an event stream, and waits until it has sent a cursor. Fails if the response is not 200. */
export async function openStream(
  test: { app: Pick<TestApp['app'], 'url'>; token: string },
  options: StreamOptions = {},
): Promise<EventStream> {
  const { token = test.token, query = '', headers = {}, url = test.app.url, accountId = 1 } = options
  const abort = new AbortController()
  const { path = `/api/v1/accounts/${accountId}/events` } = options
  const response = await fetch(`${url}${path}?${query}`, {
    headers: { ...(token ? { api_access_token: token } : {}), ...headers },
    signal: abort.signal,
  })
  assert.equal(response.status, 200, response.status === 200 ? '' : await response.text())
  const state = { cursor: undefined as number | undefined, comments: 0, ended: false }
  const events: StreamEvent[] = []
  const readBlock = (text: string) => {
    const event: { id?: number; name?: string; data?: string } = {}
    for (const line of text.split('\n')) {
      if (line.startsWith(':')) state.comments++
      else if (line.startsWith('id: ')) event.id = Number(line.slice(4))
      else if (line.startsWith('event: ')) event.name = line.slice(7)
      else if (line.startsWith('data: ')) event.data = line.slice(6)
      else assert.equal(line, '', `not a line of an event stream: ${line}`)
    }
    if (event.id !== undefined) state.cursor = event.id
    if (event.data !== undefined)
      events.push({ id: event.id, name: event.name!, data: JSON.parse(event.data) })
  }
  const read = async () => {
    let rest = ''
    for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
      const blocks = (rest + text).split('\n\n')
      rest = blocks.pop()!
      blocks.forEach(readBlock)
    }
  }
  read()
    .catch(() => {})
    .finally(() => {
      state.ended = true
    })
  const stream: EventStream = {
    response,
    events,
    get logged() {
      return events.filter(({ id }) => id !== undefined)
    },
    get cursor() {
      return state.cursor
    },
    get comments() {
      return state.comments
    },
    get ended() {
      return state.ended
    },
    async find(matches) {
      await eventually(() => events.some(matches), `an event that matches ${matches}`)
      return events.find(matches)!
    },
    named: (name) => events.filter((event) => event.name === name),
    close: () => abort.abort(),
  }
  await eventually(() => state.cursor !== undefined, 'the first cursor')
  return stream
}
