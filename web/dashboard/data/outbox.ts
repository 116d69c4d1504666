import { signal } from '@preact/signals'
import { CallError } from '../../shared/api.ts'
import { strings } from '../strings.ts'
import { call, upload } from './call.ts'
import { keep, readKept, whenKeptElsewhere } from './kept.ts'
import { forgetFiles, forgetOtherFiles, keepFiles, readKeptFiles } from './kept-files.ts'
import { hear } from './live.ts'
import { accountPath, profile } from './session.ts'
import type { Message } from './shapes.ts'
import { keptThread } from './thread.ts'

/** A message that is not known to have arrived. */
export interface Entry {
  /** Its `Idempotency-Key` and its `echo_id`: however often it is sent, it is one message. */
  key: string
  account: number
  conversation: number
  content: string
  isPrivate: boolean
  /** What goes with it; absent where nothing does. */
  files?: readonly { name: string; size: number }[]
  /** Milliseconds. */
  writtenAt: number
  /** How often it was tried in vain. */
  tries: number
  /** Why it will not be tried again by itself: the server's sentence. */
  refused: string | undefined
}

/** All of this user's, oldest first: in every window of the browser, and after a reload. */
export const outbox = signal<readonly Entry[]>([])
/** The keys of those that are on their way right now. */
export const underway = signal<ReadonlySet<string>>(new Set())

/** How much of its files has left, from 0 to 1, by the key of a message. */
export const progress = signal<ReadonlyMap<string, number>>(new Map())

const longestPause = 15_000
// Milliseconds in which the window that a message was written in has surely stored its files.
const storing = 20_000
// Milliseconds that an answer is waited for when an event has brought the message: lost ones must not keep connections.
const patience = 2000
const requests = new Map<string, AbortController>()
const sending = new Map<number, Promise<void>>()
const waiting = new Map<number, () => void>()
// What ends the wait for an answer, by the key of a message.
const arrivals = new Map<string, () => void>()

function name(): string {
  return `outbox.${profile.value?.id ?? 0}`
}

function nameOfFiles(key: string): string {
  return `${name()}.${key}`
}

/** Gives the files of a message; undefined where this browser does not have them. */
export function filesOf({ key }: Entry): Promise<readonly File[] | undefined> {
  return readKeptFiles(nameOfFiles(key))
}

// False once the browser's storage is full: then this window is all that holds them.
let isStored = true

function change(next: (all: readonly Entry[]) => readonly Entry[]): void {
  // From what is stored, not from what is shown: another window may have changed it.
  const all = next(isStored ? (readKept<Entry[]>(name()) ?? []) : outbox.peek())
  isStored = keep(name(), all.length > 0 ? all : undefined)
  outbox.value = all
}

/** Takes a message on: from now on it is not lost, and shown as being sent. */
export function post(
  message: Pick<Entry, 'account' | 'conversation' | 'content' | 'isPrivate'>,
  files: readonly File[],
): void {
  const facts = files.map((file) => ({ name: file.name, size: file.size }))
  const entry: Entry = {
    ...message,
    key: newKey(),
    ...(files.length > 0 ? { files: facts } : {}),
    writtenAt: Date.now(),
    tries: 0,
    refused: undefined,
  }
  if (files.length > 0) void keepFiles(nameOfFiles(entry.key), files)
  change((all) => [...all, entry])
  send(entry.conversation)
}

/** Tries a refused or waiting message now. */
export function retry({ key, conversation }: Entry): void {
  change((all) =>
    all.map((entry) => (entry.key === key ? { ...entry, refused: undefined, tries: 0 } : entry)),
  )
  waiting.get(conversation)?.()
  send(conversation)
}

/** Gives a message up. */
export function discard({ key }: Entry): void {
  remove(key)
  requests.get(key)?.abort()
}

function remove(key: string): void {
  const entry = outbox.peek().find((other) => other.key === key)
  change((all) => all.filter((other) => other.key !== key))
  if (entry?.files) forgetFiles(nameOfFiles(key))
}

// Not randomUUID(): browsers have that over TLS only.
function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
}

/** Sends what waits in a conversation, one after another, so that it arrives in the order in which it was written. */
function send(conversation: number): void {
  if (sending.has(conversation)) return
  const done = sendAll(conversation).finally(() => {
    sending.delete(conversation)
    if (nextOf(conversation)) send(conversation)
  })
  sending.set(conversation, done)
}

function nextOf(conversation: number): Entry | undefined {
  const account = currentAccount()
  return outbox
    .peek()
    .find(
      (entry) =>
        entry.account === account && entry.conversation === conversation && entry.refused === undefined,
    )
}

function currentAccount(): number {
  return Number(accountPath().split('/').at(-1))
}

async function sendAll(conversation: number): Promise<void> {
  for (let entry = nextOf(conversation); entry; entry = nextOf(conversation)) {
    const { key } = entry
    const stop = new AbortController()
    requests.set(key, stop)
    try {
      mark(key, true)
      const message = await Promise.race([sendOne(entry, stop), arrivalOf(key)])
      if (message) keptThread(conversation)?.take(message)
      else setTimeout(() => stop.abort(), patience)
      remove(key)
    } catch (error) {
      const failure = error as CallError
      const tries = entry.tries + 1
      // Signed out: it waits for the same user to come back.
      if (failure.status === 401) return
      const refused = failure.isPassing ? undefined : failure.message
      change((all) => all.map((other) => (other.key === key ? { ...other, tries, refused } : other)))
      mark(key, false)
      const isGivenUp = !outbox.peek().some((other) => other.key === key)
      if (failure.isPassing && !isGivenUp) await pause(conversation, failure.retryAfter * 1000, tries)
    } finally {
      mark(key, false)
      arrivals.delete(key)
      requests.delete(key)
    }
  }
}

/** Settles when an event has brought the message: its answer may be lost, and the next one is not to wait for it. */
function arrivalOf(key: string): Promise<void> {
  return new Promise((resolve) => arrivals.set(key, resolve))
}

function sendOne(entry: Entry, stop: AbortController): Promise<Message> {
  const { key, conversation, content, isPrivate } = entry
  const path = `${accountPath()}/conversations/${conversation}/messages`
  const headers = { 'idempotency-key': key }
  const body = { content, message_type: 'outgoing', private: isPrivate, echo_id: key }
  if (entry.files) return sendForm(entry, path, { headers, signal: stop.signal }, body)
  // The same key makes another try harmless.
  return call<Message>(path, { method: 'POST', headers, body, signals: [stop.signal], timeout: 20_000 })
}

async function sendForm(
  entry: Entry,
  path: string,
  options: { headers: Record<string, string>; signal: AbortSignal },
  body: object,
): Promise<Message> {
  const { key, writtenAt } = entry
  const files = await filesOf(entry)
  if (!files) throw new CallError(Date.now() - writtenAt < storing ? 0 : 410, strings.thread.filesLost)
  const form = new FormData()
  for (const [field, value] of Object.entries(body)) form.append(field, String(value))
  for (const file of files) form.append('attachments[]', file, file.name)
  const tell = (share: number | undefined) => {
    const next = new Map(progress.value)
    if (share === undefined) next.delete(key)
    else next.set(key, share)
    progress.value = next
  }
  try {
    return await upload<Message>(path, form, { ...options, onProgress: tell })
  } finally {
    tell(undefined)
  }
}

function mark(key: string, isUnderway: boolean): void {
  const next = new Set(underway.value)
  if (isUnderway) next.add(key)
  else next.delete(key)
  underway.value = next
}

function pause(conversation: number, atLeast: number, tries: number): Promise<void> {
  const longest = Math.min(longestPause, 500 * 2 ** tries)
  return new Promise((resolve) => {
    const go = () => {
      clearTimeout(timer)
      waiting.delete(conversation)
      resolve()
    }
    const timer = setTimeout(go, Math.max(atLeast, longest * (0.5 + Math.random() / 2)))
    waiting.set(conversation, go)
  })
}

function sendEverything(): void {
  for (const go of waiting.values()) go()
  for (const { conversation, account } of outbox.peek()) {
    if (account === currentAccount()) send(conversation)
  }
}

/** Takes up what was left, and goes on as soon as there is a connection again. */
export function followOutbox(): () => void {
  outbox.value = readKept<Entry[]>(name()) ?? []
  void forgetOtherFiles(nameOfFiles(''), new Set(outbox.value.map(({ key }) => nameOfFiles(key))))
  sendEverything()
  const stops = [
    hear({
      connected: sendEverything,
      // It has arrived, whatever became of the answer.
      message({ message }) {
        const { echo_id, conversation_id } = message
        if (echo_id === null) return
        if (outbox.peek().some(({ key }) => key === echo_id)) {
          remove(echo_id)
          waiting.get(conversation_id)?.()
        }
        arrivals.get(echo_id)?.()
      },
    }),
    whenKeptElsewhere(name(), () => {
      if (!isStored) return
      outbox.value = readKept<Entry[]>(name()) ?? []
      // Another window has heard that they arrived, or gave them up.
      for (const [key, settle] of arrivals) if (!outbox.value.some((entry) => entry.key === key)) settle()
    }),
  ]
  addEventListener('online', sendEverything)
  return () => {
    removeEventListener('online', sendEverything)
    for (const stop of stops) stop()
  }
}
