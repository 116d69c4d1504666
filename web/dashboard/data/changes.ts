import { signal } from '@preact/signals'
import { call } from './call.ts'
import { takeChanged } from './conversations.ts'
import { accountPath } from './session.ts'
import type { Conversation, Message, Priority, Status } from './shapes.ts'
import { keptThread } from './thread.ts'

/** What went wrong with the last thing that somebody has asked for; shown until it is read or something else is. */
export const complaint = signal<string | undefined>(undefined)

/** Does something that a person has asked for; what goes wrong is said. Gives whether it was done. */
export async function attempt(work: () => Promise<void>): Promise<boolean> {
  try {
    await work()
    complaint.value = undefined
    return true
  } catch (error) {
    complaint.value = (error as Error).message
    return false
  }
}

function change(id: number, name: string, body: unknown): Promise<boolean> {
  return attempt(async () => {
    takeChanged(
      await call<Conversation>(`${accountPath()}/conversations/${id}/${name}`, { method: 'POST', body }),
    )
  })
}

/** `until` in Unix seconds; a snoozed conversation without it sleeps until the customer writes. */
export function changeStatus(id: number, status: Status, until?: number): Promise<boolean> {
  const snoozed_until = status === 'snoozed' ? (until ?? null) : undefined
  return change(id, 'toggle_status', { status, snoozed_until })
}

export function changePriority(id: number, priority: Priority | null): Promise<boolean> {
  return change(id, 'toggle_priority', { priority })
}

export function assign(
  id: number,
  to: { assignee_id: number | null } | { team_id: number | null },
): Promise<boolean> {
  return change(id, 'assignments', to)
}

export function changeLabels(id: number, labels: readonly string[]): Promise<boolean> {
  return attempt(async () => {
    await call(`${accountPath()}/conversations/${id}/labels`, { method: 'POST', body: { labels } })
  })
}

/** Nothing is unread any more. What goes wrong here is no one's business. */
export function markSeen(id: number): void {
  void call(`${accountPath()}/conversations/${id}/update_last_seen`, { method: 'POST' }).catch(() => {})
}

function messagePath({ conversation_id, id }: Message): string {
  return `${accountPath()}/conversations/${conversation_id}/messages/${id}`
}

export function editMessage(message: Message, content: string): Promise<boolean> {
  return attempt(async () => {
    const changed = await call<Message>(messagePath(message), { method: 'PATCH', body: { content } })
    keptThread(message.conversation_id)?.take(changed)
  })
}

export function deleteMessage(message: Message): Promise<boolean> {
  return attempt(async () => {
    const erased = await call<Message>(messagePath(message), { method: 'DELETE' })
    keptThread(message.conversation_id)?.hear({ kind: 'deleted', message: erased })
  })
}
