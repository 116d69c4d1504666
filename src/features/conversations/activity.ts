import type { Activity, Conversation } from './schema.ts'

/*
 * What activity messages say: `content_attributes.activity`, from which clients can word them, and the sentence in English.
 * Both contain names: renaming a user later does not change them.
 */

/** A user, bot or contact, as activity messages name them; without a name the system. */
export interface NamedUser {
  id: number
  name: string | null
}

/** A new status, set by `actor`. `until` is in milliseconds. */
export function statusActivity(
  actor: NamedUser,
  status: Conversation['status'],
  until: number | null,
): Activity {
  const snoozedUntil = until === null ? null : Math.floor(until / 1000)
  return status === 'snoozed'
    ? { kind: 'snoozed', actor: actor.name, until: snoozedUntil }
    : { kind: status === 'open' ? 'opened' : status, actor: actor.name }
}

/** A new assignee, set by `actor`. */
export function assigneeActivity(
  { id, name: actor }: NamedUser,
  before: NamedUser | null,
  after: NamedUser | null,
): Activity {
  if (after) {
    return after.id === id ? { kind: 'taken', actor } : { kind: 'assigned', actor, assignee: after.name }
  }
  return before?.id === id
    ? { kind: 'given_up', actor }
    : { kind: 'unassigned', actor, assignee: before?.name ?? null }
}

/** A new team, set by `actor`. */
export function teamActivity(
  { name: actor }: NamedUser,
  before: string | undefined,
  after: string | undefined,
): Activity {
  return after === undefined
    ? { kind: 'team_removed', actor, team: before ?? '' }
    : { kind: 'team_assigned', actor, team: after }
}

/** Changed labels: one activity for added labels, one for removed labels. */
export function labelActivities({ name: actor }: NamedUser, added: string[], removed: string[]): Activity[] {
  const activities: Activity[] = []
  if (added.length > 0) activities.push({ kind: 'labels_added', actor, labels: added })
  if (removed.length > 0) activities.push({ kind: 'labels_removed', actor, labels: removed })
  return activities
}

/** The sentence in English. */
export function sentenceOf(activity: Activity): string {
  const actor = 'actor' in activity ? (activity.actor ?? system) : system
  switch (activity.kind) {
    case 'opened':
      return `${actor} reopened the conversation`
    case 'resolved':
      return `${actor} resolved the conversation`
    case 'pending':
      return `${actor} set the conversation to pending`
    case 'snoozed':
      return `${actor} snoozed the conversation until ${activity.until === null ? 'the customer writes' : minute(activity.until)}`
    case 'reopened':
      return 'A new message reopened the conversation'
    case 'unsnoozed':
      return 'The conversation was reopened at the end of its snooze time'
    case 'taken':
      return `${actor} took the conversation`
    case 'assigned':
      return `${actor} assigned the conversation to ${activity.assignee ?? system}`
    case 'given_up':
      return `${actor} unassigned themselves from the conversation`
    case 'unassigned':
      return `${actor} unassigned ${activity.assignee ?? system} from the conversation`
    case 'assigned_by_turns':
      return `The conversation was assigned to ${activity.assignee ?? system}, whose turn it was`
    case 'team_assigned':
      return `${actor} assigned the conversation to the team ${activity.team}`
    case 'team_removed':
      return `${actor} removed the conversation from the team ${activity.team}`
    case 'labels_added':
      return `${actor} added ${namedLabels(activity.labels)}`
    case 'labels_removed':
      return `${actor} removed ${namedLabels(activity.labels)}`
    case 'transcript_sent':
      return `${actor} sent a transcript to ${activity.email}`
    case 'transcript_failed':
      return `The transcript to ${activity.email} could not be sent: ${activity.reason}`
    case 'shared_with_webhook':
      return `${actor} sent the conversation to the webhook ${activity.webhook}`
  }
}

const system = 'The system'

function namedLabels(titles: readonly string[]): string {
  return `the label${titles.length === 1 ? '' : 's'} ${titles.join(', ')}`
}

function minute(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
