import { signal } from '@preact/signals'
import { CallError } from '../../shared/api.ts'
import { Outbox, type OutboxEntry, randomKey } from '../../shared/outbox.ts'
import { strings } from '../strings.ts'
import type { Message } from './api-types.ts'
import { call, upload } from './call.ts'
import { forgetFiles, forgetOtherFiles, readStoredFiles, storeFiles } from './file-store.ts'
import { hear } from './live.ts'
import { readStored, store, whenStoredElsewhere } from './local-storage.ts'
import { applyEffect, type ReplyEffect } from './reply-effect.ts'
import { accountPath, profile } from './session.ts'
import { cachedThread } from './thread.ts'

/** A message that is not known to have arrived. */
export interface Entry extends OutboxEntry {
  account: number
  conversation: number
  content: string
  isPrivate: boolean
  /** What happens to the conversation before it is sent, as the composer has promised. */
  first?: ReplyEffect
  /** Fields of `content_attributes`, such as the subject of a mail. */
  attributes?: object | undefined
  /** The ids of canned responses whose files are sent, too. */
  canned?: readonly number[]
  /** The version of the draft on the server that this message was. */
  draftVersion?: number | undefined
  /** Whether the signature of the user follows. */
  isSigned?: boolean | undefined
  /** The newest message that the user had seen: if somebody else has replied since, it is refused. */
  lastSeen?: number | undefined
  /** Until when it can be taken back, in milliseconds: it is not sent before. */
  heldUntil?: number | undefined
  /** The files of the message; absent if it has none. */
  files?: readonly { name: string; size: number }[]
  /** Milliseconds. */
  writtenAt: number
  tries: number
}

/** How much of its files has been sent, from 0 to 1, by the key of a message. */
export const progress = signal<ReadonlyMap<string, number>>(new Map())

// Milliseconds in which the window that a message was written in has surely stored its files.
const storing = 20_000
// False once the browser's storage is full: then only this window has the entries.
let isStored = true

const queue = new Outbox<Entry, Message>({
  read: () => (isStored ? (readStored<Entry[]>(name()) ?? []) : undefined),
  write(entries) {
    isStored = store(name(), entries.length > 0 ? entries : undefined)
  },
  laneOf: ({ account, conversation, heldUntil = 0 }) =>
    account === currentAccount() && heldUntil <= Date.now() ? conversation : undefined,
  send: sendOne,
  onSent: (message) => cachedThread(message.conversation_id)?.take(message),
  onRemoved({ key, files }) {
    if (files) forgetFiles(nameOfFiles(key))
  },
  reactionTo(error) {
    // Signed out: it waits for the same user to come back.
    if (error.code === 'unauthenticated') return 'stop'
    return error.isPassing ? 'wait' : 'refuse'
  },
})

/** All of this user's, oldest first: in every window of the browser, and after a reload. */
export const outbox = queue.entries
/** Those that are being sent right now, by their keys. */
export const underway = queue.underway

function name(): string {
  return `outbox.${profile.value?.id ?? 0}`
}

function nameOfFiles(key: string): string {
  return `${name()}.${key}`
}

function currentAccount(): number {
  return Number(accountPath().split('/').at(-1))
}

/** Returns the files of a message; undefined if this browser does not have them. */
export function filesOf({ key }: Entry): Promise<readonly File[] | undefined> {
  return readStoredFiles(nameOfFiles(key))
}

/** Takes a message: from now on it is not lost, and shown as being sent. Returns its key. */
export function post(
  message: Pick<
    Entry,
    | 'account'
    | 'conversation'
    | 'content'
    | 'isPrivate'
    | 'first'
    | 'attributes'
    | 'canned'
    | 'draftVersion'
    | 'isSigned'
    | 'lastSeen'
    | 'heldUntil'
  >,
  files: readonly File[],
): string {
  const facts = files.map((file) => ({ name: file.name, size: file.size }))
  const key = randomKey()
  if (files.length > 0) void storeFiles(nameOfFiles(key), files)
  queue.add({
    ...message,
    key,
    ...(files.length > 0 ? { files: facts } : {}),
    writtenAt: Date.now(),
    tries: 0,
    refused: undefined,
  })
  resumeAfter(message.heldUntil)
  return key
}

/** Sends what was held as soon as it can no longer be taken back. */
function resumeAfter(heldUntil: number | undefined): void {
  if (heldUntil !== undefined) setTimeout(() => queue.resume(), Math.max(0, heldUntil - Date.now()) + 10)
}

/** Tries a refused or waiting message now. One that was refused is sent whoever has replied meanwhile: the user knows it. */
export function retry({ key, refused }: Entry): void {
  queue.retry(key, refused === undefined ? {} : { lastSeen: undefined })
}

/** Gives a message up. */
export function discard({ key }: Entry): void {
  queue.discard(key)
}

async function sendOne(entry: Entry, stop: AbortController): Promise<Message> {
  const {
    key,
    conversation,
    content,
    isPrivate,
    first,
    attributes,
    canned = [],
    draftVersion,
    isSigned,
    lastSeen,
  } = entry
  if (first) await applyEffect(conversation, first)
  const path = `${accountPath()}/conversations/${conversation}/messages`
  const headers = { 'idempotency-key': key }
  const more = {
    ...(attributes && Object.keys(attributes).length > 0 ? { content_attributes: attributes } : {}),
    ...(draftVersion ? { draft_version: draftVersion } : {}),
    ...(isSigned ? { append_signature: true } : {}),
    ...(lastSeen ? { last_seen_message_id: lastSeen } : {}),
  }
  // The customer gets what was shown in the composer: its variables are filled in already.
  const files = canned.length > 0 ? { canned_response_ids: canned, fill_in: false } : {}
  const body = { content, message_type: 'outgoing', private: isPrivate, echo_id: key, ...more, ...files }
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
  for (const [field, value] of Object.entries(body)) {
    form.append(field, typeof value === 'object' ? JSON.stringify(value) : String(value))
  }
  for (const file of files) form.append('attachments[]', file, file.name)
  const setProgress = (share: number | undefined) => {
    const next = new Map(progress.value)
    if (share === undefined) next.delete(key)
    else next.set(key, share)
    progress.value = next
  }
  try {
    return await upload<Message>(path, form, { ...options, onProgress: setProgress })
  } finally {
    setProgress(undefined)
  }
}

/** Takes up what was left, and goes on as soon as there is a connection again. */
export function followOutbox(): () => void {
  const loadStored = () => readStored<Entry[]>(name()) ?? []
  const resume = () => queue.resume()
  queue.replace(loadStored())
  for (const { heldUntil } of outbox.value) resumeAfter(heldUntil)
  void forgetOtherFiles(nameOfFiles(''), new Set(outbox.value.map(({ key }) => nameOfFiles(key))))
  resume()
  const stops = [
    hear({
      connected: resume,
      message({ message: { echo_id } }) {
        if (echo_id !== null) queue.arrived(echo_id)
      },
    }),
    whenStoredElsewhere(name(), () => {
      if (isStored) queue.replace(loadStored())
    }),
  ]
  addEventListener('online', resume)
  return () => {
    removeEventListener('online', resume)
    for (const stop of stops) stop()
  }
}
