import { signal } from '@preact/signals'
import { filePath } from '../file-path.ts'
import { strings } from '../strings.ts'
import type { Conversation, Message, Priority, Status } from './api-types.ts'
import { call } from './call.ts'
import { conversationSignal, takeChanged } from './conversations.ts'
import { discard, outbox, post, underway } from './outbox.ts'
import { account, accountPath } from './session.ts'
import { cachedThread } from './thread.ts'
import { offerUndo } from './undo.ts'

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
export async function changeStatus(id: number, status: Status, until?: number): Promise<boolean> {
  const before = conversationSignal(id)?.peek()
  const isDone = await setStatus(id, status, until ?? null)
  if (isDone && before && before.status !== status) {
    const undo = () => setStatus(id, before.status, before.snoozed_until)
    offerUndo({ text: strings.undo.status(id, strings.list.statuses[status]), undo })
  }
  return isDone
}

function setStatus(id: number, status: Status, until: number | null): Promise<boolean> {
  const snoozed_until = status === 'snoozed' ? until : undefined
  return change(id, 'toggle_status', { status, snoozed_until })
}

/** Changes custom attributes of a conversation; null removes one. Throws CallError. */
export async function changeAttributes(id: number, custom_attributes: object): Promise<void> {
  const body = { custom_attributes }
  takeChanged(await call<Conversation>(`${accountPath()}/conversations/${id}`, { method: 'PATCH', body }))
}

export function changePriority(id: number, priority: Priority | null): Promise<boolean> {
  return change(id, 'toggle_priority', { priority })
}

/** Assigns a conversation to an agent; null unassigns it. Fails if it is no longer assigned as the page shows. */
export async function assignTo({ id, meta }: Conversation, assignee: number | null): Promise<boolean> {
  const before = meta.assignee?.id ?? null
  const { bot } = meta
  const assign = (assignee_id: number | null, expected_assignee_id: number | null) =>
    change(id, 'assignments', { assignee_id, expected_assignee_id })
  if (!(await assign(assignee, before))) return false
  // What a person takes from a bot is no longer pending.
  if (bot && assignee !== null) await setStatus(id, 'open', null)
  const undo = () => (bot ? giveToBot(id, bot.id) : assign(before, assignee))
  offerUndo({ text: strings.undo.assigned(id), undo })
  return true
}

/** Assigns the bot of its inbox to a conversation, which is then pending. */
export async function assignToBot({ id, meta, status }: Conversation, botId: number): Promise<boolean> {
  const back = { assignee_id: meta.assignee?.id ?? null }
  const isDone = await giveToBot(id, botId)
  const undo = async () => (await change(id, 'assignments', back)) && setStatus(id, status, null)
  if (isDone) offerUndo({ text: strings.undo.assigned(id), undo })
  return isDone
}

async function giveToBot(id: number, bot: number): Promise<boolean> {
  const body = { assignee_id: bot, assignee_type: 'AgentBot' }
  return (await change(id, 'assignments', body)) && setStatus(id, 'pending', null)
}

export async function assignTeam(id: number, team: number | null): Promise<boolean> {
  const before = conversationSignal(id)?.peek()
  const assign = (team_id: number | null) => change(id, 'assignments', { team_id })
  const isDone = await assign(team)
  if (isDone && before) {
    const { meta } = before
    // A team can assign the conversation to one of its members.
    const back = { team_id: meta.team?.id ?? null, assignee_id: meta.assignee?.id ?? null }
    offerUndo({ text: strings.undo.assigned(id), undo: () => change(id, 'assignments', back) })
  }
  return isDone
}

export function changeLabels(id: number, labels: readonly string[]): Promise<boolean> {
  return attempt(async () => {
    await call(`${accountPath()}/conversations/${id}/labels`, { method: 'POST', body: { labels } })
  })
}

/** The label of conversations that are marked as spam. */
export const spamLabel = 'spam'

/** Marks a conversation by mail as spam, which resolves it, or as none. */
export function markSpam(id: number, spam: boolean): Promise<boolean> {
  return change(id, 'spam', { spam })
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
export function sendAgain(message: Message): Promise<boolean> {
  const { content, content_attributes, attachments, conversation_id } = message
  return attempt(async () => {
    const files = await Promise.all(attachments.map(fetchFile))
    const head = Object.entries(content_attributes).filter(([name]) => ofMails.includes(name))
    const attributes = head.length > 0 ? Object.fromEntries(head) : undefined
    const to = { account: account.value!.id, conversation: conversation_id }
    post({ ...to, content: content ?? '', isPrivate: false, attributes }, files)
  })
}

/** The fields of `content_attributes` that say where a mail goes. */
const ofMails = ['subject', 'to_emails', 'cc_emails', 'bcc_emails', 'forwarded_message_id']

async function fetchFile({ data_url, file_name }: Message['attachments'][number]): Promise<File> {
  const response = await fetch(filePath(data_url)).catch(() => undefined)
  if (!response?.ok) throw new Error(strings.thread.fileNotLoaded(file_name))
  const blob = await response.blob()
  return new File([blob], file_name, { type: blob.type })
}

/** The messages that are deleted in a moment, unless the user undoes that, by their paths. */
const deletions = signal<ReadonlySet<string>>(new Set())

export function isBeingDeleted(message: Message): boolean {
  return deletions.value.has(messagePath(message))
}

/** Deletes a message in a moment: what is deleted is erased, so it can only be undone before. */
export function deleteMessage(message: Message): void {
  const path = messagePath(message)
  const keep = () => {
    deletions.value = new Set([...deletions.peek()].filter((one) => one !== path))
  }
  offerUndo({
    text: strings.undo.deleted,
    undo: keep,
    settle: () => void erase(message).finally(keep),
  })
  deletions.value = new Set(deletions.peek()).add(path)
}

function erase(message: Message): Promise<boolean> {
  return attempt(async () => {
    // The page may be about to be left.
    const erased = await call<Message>(messagePath(message), { method: 'DELETE', keepalive: true })
    cachedThread(message.conversation_id)?.hear({ kind: 'deleted', message: erased })
  })
}

/** Takes a message back that was just sent: it is not sent, or erased if it has arrived. */
export async function takeBack(key: string, conversation: number): Promise<boolean> {
  const entry = outbox.peek().find((one) => one.key === key)
  if (entry && !underway.peek().has(key)) {
    discard(entry)
    return true
  }
  const find = () =>
    cachedThread(conversation)
      ?.messages.peek()
      .find(({ echo_id }) => echo_id === key)
  // On its way: it is there in a moment.
  for (let tries = 0; tries < 20 && !find(); tries++) await new Promise((resolve) => setTimeout(resolve, 250))
  const message = find()
  return message !== undefined && erase(message)
}
