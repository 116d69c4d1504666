import { signal } from '@preact/signals'
import type { CallError } from '../../../shared/api.ts'
import { keep, read } from './kept.ts'
import type { Conversation, Message } from './shapes.ts'
import * as thread from './thread.ts'
import { arrive, callOwn, visitor, whenLeaving } from './visitor.ts'

/** What the visitor has said, as long as it is not known to have arrived. */
export interface Entry {
  /** Its `Idempotency-Key` and its `echo_id`: however often it is sent, it is one message. */
  key: string
  content: string
  /** Kept by this page only: a reload loses them. */
  files?: File[]
  /** Unix seconds. */
  writtenAt: number
  /** Why it is not tried again by itself. */
  refused?: string | undefined
}

/** Oldest first. What another tab has left unsent is sent here, too: the server takes it once. */
export const outbox = signal<readonly Entry[]>(read<Entry[]>('outbox') ?? [])

const longestPause = 15_000
// Milliseconds that an answer is waited for when an event has brought the message: lost ones must not keep connections.
const patience = 2000
let isRunning = false
let tries = 0
let goOn = () => {}
// What ends the wait for an answer, by the key of what was said.
const arrivals = new Map<string, () => void>()

function change(entries: readonly Entry[]): void {
  outbox.value = entries
  const kept = entries.filter(({ files }) => !files?.length)
  keep('outbox', kept.length > 0 ? kept : undefined)
}

/** Takes on what the visitor says: from now on it is not lost. */
export function post(content: string, files: File[] = []): void {
  const entry = { key: randomKey(), content, files, writtenAt: Math.floor(Date.now() / 1000) }
  change([...outbox.value, entry])
  void run()
}

// randomUUID() is for pages with TLS only.
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
}

/** Tries again what was refused. */
export function sendAgain(key: string): void {
  change(outbox.value.map((one) => (one.key === key ? { ...one, refused: undefined } : one)))
  void run()
}

/** Takes back what has not arrived. */
export function discard(key: string): void {
  change(outbox.value.filter((one) => one.key !== key))
}

/** Sends what is to be sent, one after the other, until all has arrived or was refused. */
async function run(): Promise<void> {
  if (isRunning) return goOn()
  isRunning = true
  for (let entry = next(); entry; entry = next()) {
    const { key } = entry
    const stop = new AbortController()
    try {
      const message = await Promise.race([send(entry, stop.signal), arrivalOf(key)])
      tries = 0
      if (!message) setTimeout(() => stop.abort(), patience)
      else if (outbox.value.some((one) => one.key === key)) {
        thread.put(message)
        discard(key)
      }
    } catch (error) {
      await fail(key, error as CallError)
    } finally {
      arrivals.delete(key)
    }
  }
  isRunning = false
}

/** Settles when an event has brought it: its answer may be lost, and the next one is not to wait for it. */
function arrivalOf(key: string): Promise<void> {
  return new Promise((resolve) => arrivals.set(key, resolve))
}

function next(): Entry | undefined {
  return outbox.value.find(({ refused }) => refused === undefined)
}

async function send({ key, content, files = [] }: Entry, signal: AbortSignal): Promise<Message> {
  await arrive()
  const { id } = thread.current.value ?? (await converse())
  const form = new FormData()
  if (files.length > 0) {
    form.append('content', content)
    form.append('echo_id', key)
    for (const file of files) form.append('attachments[]', file)
  }
  return callOwn(`/conversations/${id}/messages`, {
    method: 'POST',
    headers: { 'idempotency-key': key },
    signals: [signal],
    body: files.length > 0 ? form : { content, echo_id: key },
  })
}

/** The conversation to write in, begun where there is none. One whose answer was lost is found again. */
async function converse(): Promise<Conversation> {
  const { payload } = await callOwn<{ payload: Conversation[] }>('/conversations')
  const conversation = payload[0] ?? (await callOwn<Conversation>('/conversations', { method: 'POST' }))
  thread.putConversation(conversation)
  return conversation
}

async function fail(key: string, failure: CallError): Promise<void> {
  // The conversation or the contact was erased: it begins anew.
  if (failure.status === 404 && tries < 3) {
    tries += 1
    for (const id of visitor.value ? thread.conversations.value.keys() : []) thread.dropConversation(id)
  } else if (failure.isPassing) {
    tries += 1
    await pause(failure.retryAfter * 1000)
  } else {
    change(outbox.value.map((one) => (one.key === key ? { ...one, refused: failure.message } : one)))
  }
}

function pause(atLeast: number): Promise<void> {
  const longest = Math.min(longestPause, 500 * 2 ** tries)
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, Math.max(atLeast, longest * (0.5 + Math.random() / 2)))
    goOn = () => {
      clearTimeout(timer)
      resolve()
    }
  })
}

/** There is a connection: what waits is sent. */
export function resume(): void {
  void run()
}

/** An event has brought it: whatever became of the answer, it has arrived. */
export function arrived({ echo_id }: Message): void {
  if (echo_id === null || !outbox.value.some(({ key }) => key === echo_id)) return
  discard(echo_id)
  arrivals.get(echo_id)?.()
  goOn()
}

/** Begins with what was left, and goes on as soon as there is a network. */
export function followOutbox(): void {
  whenLeaving(() => {
    outbox.value = []
    goOn()
  })
  addEventListener('online', resume)
  resume()
}
