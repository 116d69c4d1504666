import { Outbox, type OutboxEntry, randomKey } from '../../../shared/outbox.ts'
import type { Conversation, Message } from './api-types.ts'
import * as thread from './thread.ts'
import { arrive, callOwn, visitor, whenLeaving } from './visitor.ts'
import { keep, read } from './visitor-storage.ts'

/** A message of the visitor that is not known to have arrived. */
export interface Entry extends OutboxEntry {
  content: string
  /** Only this page has them: a reload loses them. */
  files?: File[]
}

const queue = new Outbox<Entry, Message>({
  read: () => undefined,
  write(entries) {
    const stored = entries.filter(({ files }) => !files?.length)
    keep('outbox', stored.length > 0 ? stored : undefined)
  },
  laneOf: () => 0,
  send,
  onSent: thread.put,
  reactionTo(error, { tries = 0 }) {
    if (error.status !== 404 || tries >= 3) return error.isPassing ? 'wait' : 'refuse'
    // The conversation or the contact was erased: a new one is begun.
    for (const id of visitor.value ? thread.conversations.value.keys() : []) thread.dropConversation(id)
    return 'retry'
  },
})

/** Oldest first. What another tab has left unsent is sent here, too: the server takes it once. */
export const outbox = queue.entries
queue.replace(read<Entry[]>('outbox') ?? [])

/** Takes a message of the visitor: from now on it is not lost. */
export function post(content: string, files: File[] = []): void {
  queue.add({ key: randomKey(), content, files })
  queue.resume()
}

/** Tries a refused message again. */
export function sendAgain(key: string): void {
  queue.retry(key)
}

/** Gives a message up. */
export function discard(key: string): void {
  queue.discard(key)
}

async function send({ key, content, files = [] }: Entry, stop: AbortController): Promise<Message> {
  await arrive()
  const { id } = thread.current.value ?? (await beginConversation())
  const form = new FormData()
  if (files.length > 0) {
    form.append('content', content)
    form.append('echo_id', key)
    for (const file of files) form.append('attachments[]', file)
  }
  return callOwn(`/conversations/${id}/messages`, {
    method: 'POST',
    headers: { 'idempotency-key': key },
    signals: [stop.signal],
    body: files.length > 0 ? form : { content, echo_id: key },
  })
}

/** Returns the conversation to write in, a new one if there is none. One whose response was lost is found again. */
async function beginConversation(): Promise<Conversation> {
  const { payload } = await callOwn<{ payload: Conversation[] }>('/conversations')
  const conversation = payload[0] ?? (await callOwn<Conversation>('/conversations', { method: 'POST' }))
  thread.putConversation(conversation)
  return conversation
}

/** Sends what waits: there is a connection. */
export function resume(): void {
  queue.resume()
}

/** An event has brought a message. */
export function arrived({ echo_id }: Message): void {
  if (echo_id !== null) queue.arrived(echo_id)
}

/** Sends what was left, and goes on as soon as there is a network. */
export function followOutbox(): void {
  whenLeaving(() => queue.replace([]))
  addEventListener('online', resume)
  resume()
}
