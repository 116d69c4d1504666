import { signal } from '@preact/signals'
import { filePath } from '../file-path.ts'
import { strings } from '../strings.ts'
import type { Conversation, Message, Priority, Status } from './api-types.ts'
import { call } from './call.ts'
import { takeChanged } from './conversations.ts'
import { post } from './outbox.ts'
import { account, accountPath } from './session.ts'
import { cachedThread } from './thread.ts'

/** Why the last action failed; shown until it is closed or another action succeeds. */
export const complaint = signal<string | undefined>(undefined)

/** Runs an action of the user and shows an error if it fails. Returns whether it succeeded. */
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

/** `until` is in Unix seconds; without it, a snoozed conversation stays so until the customer replies. */
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

/** Marks all messages as seen. Errors are ignored. */
export function markSeen(id: number): void {
  void call(`${accountPath()}/conversations/${id}/update_last_seen`, { method: 'POST' }).catch(() => {})
}

function messagePath({ conversation_id, id }: Message): string {
  return `${accountPath()}/conversations/${conversation_id}/messages/${id}`
}

export function editMessage(message: Message, content: string): Promise<boolean> {
  return attempt(async () => {
    const changed = await call<Message>(messagePath(message), { method: 'PATCH', body: { content } })
    cachedThread(message.conversation_id)?.take(changed)
  })
}

/** Sends a message that could not be delivered once more, as a new message with the same text and files. */
export function sendAgain({ content, attachments, conversation_id }: Message): Promise<boolean> {
  return attempt(async () => {
    const files = await Promise.all(attachments.map(fetchFile))
    post(
      { account: account.value!.id, conversation: conversation_id, content: content ?? '', isPrivate: false },
      files,
    )
  })
}

async function fetchFile({ data_url, file_name }: Message['attachments'][number]): Promise<File> {
  const response = await fetch(filePath(data_url)).catch(() => undefined)
  if (!response?.ok) throw new Error(strings.thread.fileNotLoaded(file_name))
  const blob = await response.blob()
  return new File([blob], file_name, { type: blob.type })
}

export function deleteMessage(message: Message): Promise<boolean> {
  return attempt(async () => {
    const erased = await call<Message>(messagePath(message), { method: 'DELETE' })
    cachedThread(message.conversation_id)?.hear({ kind: 'deleted', message: erased })
  })
}
