import { effect } from '@preact/signals'
import type { CallError } from '../../../shared/api.ts'
import { warn } from '../data/call-handlers.ts'
import { current } from '../data/thread.ts'
import { callOwn, enqueue, whenLeaving } from '../data/visitor.ts'

/*
 * What the website says about the conversation: its labels and attributes. Without a conversation, it waits until the visitor
 * begins one.
 */

/** A change of labels, or attributes to add. */
export interface Change {
  add?: string[]
  remove?: string[]
  custom_attributes?: Record<string, unknown>
}

// The server takes as many labels in one call, and 30 calls a minute.
const most = 20
/** Changes that are not being sent yet, by path. */
const waiting = new Map<string, Change[]>()
/** Replaced when the visitor leaves. */
let lifetime = {}
let isSending = false

/** Takes a change, after all earlier calls of the website: one of them may replace the visitor. */
export function add(path: string, change: Change): void {
  enqueue(async () => {
    const all = [...(waiting.get(path) ?? []), change]
    // A page may say something again and again, and its visitor never write.
    waiting.set(path, all.length > most ? [merge(all[0]!, all[1]!), ...all.slice(2)] : all)
    void sendWaiting()
  }, warn)
}

/** Sends what waits, one call after another, and without `enqueue`: messages do not wait for it. */
async function sendWaiting(): Promise<void> {
  if (isSending) return
  isSending = true
  for (const [path, changes] of waiting) {
    const id = current.peek()?.id
    if (id === undefined) break
    waiting.delete(path)
    await send(id, path, changes)
  }
  isSending = false
}

/** Sends changes in one call, and each alone if that is refused: only one of them may be wrong. */
async function send(id: number, path: string, changes: readonly Change[]): Promise<void> {
  const own = lifetime
  for (let tries = 0; own === lifetime; tries++) {
    try {
      const body = changes.reduce(merge)
      return await callOwn<void>(`/conversations/${id}/${path}`, { method: 'POST', body })
    } catch (error) {
      if (own !== lifetime) return
      const { isPassing, status } = error as CallError
      if (isPassing) await new Promise((resolve) => setTimeout(resolve, Math.min(1000 * 2 ** tries, 15_000)))
      else if (changes.length === 1 || status !== 422) return warn(error as Error)
      else break
    }
  }
  for (const change of changes) if (own === lifetime) await send(id, path, [change])
}

/** Returns one change with the effect of two: the later one decides about a label, the earlier one about an attribute. */
function merge(earlier: Change, later: Change): Change {
  if (later.custom_attributes)
    return { custom_attributes: { ...later.custom_attributes, ...earlier.custom_attributes } }
  const { add = [], remove = [] } = later
  const without = (titles: string[] = [], others: string[]) => titles.filter((one) => !others.includes(one))
  return {
    add: [...new Set([...without(earlier.add, remove), ...add])],
    remove: [...new Set([...without(earlier.remove, add), ...remove])],
  }
}

effect(() => {
  if (current.value) void sendWaiting()
})
whenLeaving(() => {
  waiting.clear()
  lifetime = {}
})
