import assert from 'node:assert/strict'
import type { TestApp } from './app.ts'
import { eventually } from './eventually.ts'

/** An event as it came; `id` is undefined where the block had none. */
export interface StreamEvent {
  id: number | undefined
  name: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into events of every shape
  data: any
}

/** An open event stream of a test. */
export interface EventStream {
  response: Response
  events: StreamEvent[]
  /** Those of the log: the others are told and forgotten. */
  readonly logged: StreamEvent[]
  /** What to resume with. */
  readonly cursor: number | undefined
  /** Comment lines so far. */
  readonly comments: number
  readonly ended: boolean
  /** Waits until an event that matches is there, and gives it. */
  find(matches: (event: StreamEvent) => boolean): Promise<StreamEvent>
  /** The events of a name so far. */
  named(name: string): StreamEvent[]
  close(): void
}

export interface StreamOptions {
  token?: string
  /** Where the events are; those of the account if not given. */
  path?: string
  /** Of `/events`, such as `after=7`. */
  query?: string
  headers?: Record<string, string>
  /** Of another node. */
  url?: string
  accountId?: number
}

/** Opens an event stream and waits for its first bytes. */
export async function openStream(
  test: Pick<TestApp, 'app' | 'token'>,
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
  const block = (text: string) => {
    const heard: { id?: number; name?: string; data?: string } = {}
    for (const line of text.split('\n')) {
      if (line.startsWith(':')) state.comments++
      else if (line.startsWith('id: ')) heard.id = Number(line.slice(4))
      else if (line.startsWith('event: ')) heard.name = line.slice(7)
      else if (line.startsWith('data: ')) heard.data = line.slice(6)
      else assert.equal(line, '', `not a line of an event stream: ${line}`)
    }
    if (heard.id !== undefined) state.cursor = heard.id
    if (heard.data !== undefined)
      events.push({ id: heard.id, name: heard.name!, data: JSON.parse(heard.data) })
  }
  const read = async () => {
    let rest = ''
    for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
      const blocks = (rest + text).split('\n\n')
      rest = blocks.pop()!
      blocks.forEach(block)
    }
  }
  read()
    .catch(() => {})
    .finally(() => {
      state.ended = true
    })
  const listener: EventStream = {
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
  await eventually(() => state.cursor !== undefined, 'the first bytes')
  return listener
}
