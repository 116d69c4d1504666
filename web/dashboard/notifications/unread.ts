import { computed, signal } from '@preact/signals'
import type { Conversation } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { conversationSignal, fetchConversation, watchConversations } from '../data/conversations.ts'
import { hear } from '../data/live.ts'
import { accountPath, profile } from '../data/session.ts'
import { notificationPreferences } from './preferences.ts'

type Assignment = Pick<Page['payload'][number], 'assignee_id' | 'team_id'>

interface Page {
  payload: { id: number; assignee_id: number | null; team_id: number | null }[]
  meta: { my_team_ids: number[]; is_complete: boolean }
}

/** The open conversations with unread messages that the user may see, and whom they are assigned to. */
export const unread = signal<ReadonlyMap<number, Assignment>>(new Map())
const myTeams = signal<ReadonlySet<number>>(new Set())

/** The ids of the unread conversations that the user wants to be notified about. */
export const waiting = computed<ReadonlySet<number>>(
  () => new Set([...unread.value].flatMap(([id, assignment]) => (isWanted(assignment) ? [id] : []))),
)

/** Whether the user wants to be notified about conversations with this assignee and team. */
export function isWanted({ assignee_id, team_id }: Assignment): boolean {
  const topics = new Set(notificationPreferences.value.topics)
  const isMine = assignee_id === profile.value?.id
  const isUnassigned = assignee_id === null
  const isOfTeam = team_id !== null && myTeams.value.has(team_id)
  return (
    (isMine && topics.has('mine')) ||
    (isUnassigned && topics.has('unassigned')) ||
    (isOfTeam && topics.has('teams')) ||
    (!isMine && !isUnassigned && !isOfTeam && topics.has('others'))
  )
}

export function assignmentOf({ meta }: Conversation): Assignment {
  return { assignee_id: meta.assignee?.id ?? null, team_id: meta.team?.id ?? null }
}

// More unknown conversations than this are loaded with one request for all.
const mostLookups = 10
// Fewer than the server lists at most, and more than the page shows as a number.
const fewest = 100
// Milliseconds until loading is tried again.
const retryPause = 5000

let isComplete = false
/** The conversations that events have changed since the current request began: its response may be older. */
let changedMeanwhile: Set<number> | undefined
let retry: ReturnType<typeof setTimeout> | undefined
/** Conversations that have new messages, but are not loaded. */
const unknown = new Set<number>()
let settling: Promise<void> | undefined

async function load(): Promise<void> {
  const changed = new Set<number>()
  changedMeanwhile = changed
  clearTimeout(retry)
  try {
    const { payload, meta } = await call<Page>(`${accountPath()}/conversations/unread`)
    // Another request has begun, or the account was left.
    if (changedMeanwhile !== changed) return
    const next = new Map(payload.map(({ id, ...assignment }) => [id, assignment] as const))
    for (const id of changed) {
      const assignment = unread.value.get(id)
      if (assignment) next.set(id, assignment)
      else next.delete(id)
    }
    isComplete = meta.is_complete
    myTeams.value = new Set(meta.my_team_ids)
    unread.value = next
  } catch {
    if (changedMeanwhile === changed) retry = setTimeout(() => void load(), retryPause)
  }
  if (changedMeanwhile === changed) changedMeanwhile = undefined
}

/** Resolves when all that was heard is counted. */
export function settle(): Promise<void> {
  settling ??= lookUpUnknown().finally(() => {
    settling = undefined
  })
  return settling
}

async function lookUpUnknown(): Promise<void> {
  while (unknown.size > 0) {
    const ids = [...unknown]
    unknown.clear()
    if (ids.length > mostLookups) await load()
    else await Promise.all(ids.map(lookUp))
  }
}

async function lookUp(id: number): Promise<void> {
  await fetchConversation(id).catch(() => {})
  const conversation = conversationSignal(id)?.value
  if (conversation) take(conversation)
}

function take(conversation: Conversation): void {
  const { id, status, unread_count } = conversation
  put(id, status === 'open' && unread_count > 0 ? assignmentOf(conversation) : undefined)
}

function put(id: number, assignment: Assignment | undefined): void {
  changedMeanwhile?.add(id)
  const before = unread.value.get(id)
  if (before === assignment) return
  const next = new Map(unread.value)
  if (assignment) next.set(id, assignment)
  else next.delete(id)
  unread.value = next
  if (!isComplete && next.size < fewest && !changedMeanwhile) void load()
}

/** Keeps them up to date with events. */
export function followUnread(): () => void {
  const reload = () => void load()
  const stops = [
    watchConversations({ changed: take, gone: (id) => put(id, undefined), met() {} }),
    hear({
      connected() {
        // Once the stream is open, nothing is missed after the response.
        if (!isComplete && !changedMeanwhile) reload()
      },
      message({ kind, message }) {
        const id = message.conversation_id
        const mayChange = kind === 'deleted' || (kind === 'created' && message.message_type === 'incoming')
        const isNews = kind === 'deleted' ? unread.value.has(id) : !unread.value.has(id)
        if (!mayChange || !isNews || conversationSignal(id)) return
        unknown.add(id)
        void settle()
      },
      // The user may see other inboxes, or be a member of other teams.
      setting: reload,
      reset: reload,
    }),
  ]
  return () => {
    for (const stop of stops) stop()
    clearTimeout(retry)
    changedMeanwhile = undefined
    isComplete = false
    unknown.clear()
    unread.value = new Map()
  }
}
