import type { Activity, Message } from './data/api-types.ts'
import { strings } from './strings.ts'
import { wholeTime, withLocalTimes } from './times.ts'

const t = strings.activity

/** Words an activity message. Those from before there were kinds, and from newer servers, are the sentence in English. */
export function activityText({ content, content_attributes }: Message): string {
  const { activity } = content_attributes as { activity?: Activity }
  try {
    const text = activity && textOf(activity)
    if (text !== undefined) return text
  } catch {
    // An import may have stored anything.
  }
  return withLocalTimes(content ?? '')
}

function textOf(activity: Activity): string | undefined {
  const nameOf = (name: string | null) => name ?? t.system
  switch (activity.kind) {
    case 'opened':
    case 'resolved':
    case 'pending':
    case 'taken':
    case 'given_up':
      return t[activity.kind](nameOf(activity.actor))
    case 'snoozed':
      return activity.until === null
        ? t.snoozedForever(nameOf(activity.actor))
        : t.snoozed(nameOf(activity.actor), wholeTime(activity.until))
    case 'reopened':
    case 'unsnoozed':
      return t[activity.kind]
    case 'assigned':
    case 'unassigned':
      return t[activity.kind](nameOf(activity.actor), nameOf(activity.assignee))
    case 'assigned_by_turns':
      return t.assigned_by_turns(nameOf(activity.assignee))
    case 'team_assigned':
    case 'team_removed':
      return t[activity.kind](nameOf(activity.actor), activity.team)
    case 'labels_added':
    case 'labels_removed':
      return t[activity.kind](nameOf(activity.actor), activity.labels)
    case 'transcript_sent':
      return t.transcript_sent(nameOf(activity.actor), activity.email)
    case 'transcript_failed':
      return t.transcript_failed(activity.email, activity.reason)
    case 'shared_with_webhook':
      return t.shared_with_webhook(nameOf(activity.actor), activity.webhook)
    default:
      return undefined
  }
}
