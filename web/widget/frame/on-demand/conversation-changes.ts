import { effect } from '@preact/signals'
import { warn } from '../data/call-handlers.ts'
import { current } from '../data/thread.ts'
import { callOwn, enqueue, whenLeaving } from '../data/visitor.ts'

/*
 * What the website says about the conversation: its labels and attributes. Without a conversation, it waits until the visitor
 * begins one.
 */

let waiting: { path: string; body: object }[] = []

/** Takes a change, after all earlier calls of the website: one of them may replace the visitor. */
export function add(path: string, body: object): void {
  enqueue(async () => {
    waiting.push({ path, body })
    sendWaiting(current.peek()?.id)
  }, warn)
}

function sendWaiting(id: number | undefined): void {
  if (id === undefined) return
  const changes = waiting
  waiting = []
  for (const { path, body } of changes)
    enqueue(() => callOwn<void>(`/conversations/${id}/${path}`, { method: 'POST', body }), warn)
}

effect(() => sendWaiting(current.value?.id))
whenLeaving(() => {
  waiting = []
})
