import type { Conversation } from './schema.ts'

/*
 * The texts of activity messages. They are stored as text: renaming a user later does not change them.
 */

/** The text for a new status, set by the user named `actor`. `until` is in milliseconds. */
export function statusLine(actor: string, status: Conversation['status'], until: number | null): string {
  switch (status) {
    case 'open':
      return `${actor} reopened the conversation`
    case 'resolved':
      return `${actor} resolved the conversation`
    case 'pending':
      return `${actor} set the conversation to pending`
    case 'snoozed':
      return `${actor} snoozed the conversation until ${until === null ? 'the customer writes' : minute(until)}`
  }
}

export const reopenLine = 'A new message reopened the conversation'
export const unsnoozeLine = 'The conversation was reopened at the end of its snooze time'

/** A user, as activity messages name them. */
export interface NamedUser {
  id: number
  name: string
}

/** The text for a new assignee, set by `actor`. */
export function assigneeLine(actor: NamedUser, before: NamedUser | null, after: NamedUser | null): string {
  if (after) {
    return after.id === actor.id
      ? `${actor.name} took the conversation`
      : `${actor.name} assigned the conversation to ${after.name}`
  }
  return before?.id === actor.id
    ? `${actor.name} unassigned themselves from the conversation`
    : `${actor.name} unassigned ${before?.name} from the conversation`
}

/** The text for an automatic assignment to the member of the team whose turn it is. */
export function autoAssignmentLine(name: string): string {
  return `The conversation was assigned to ${name}, whose turn it was`
}

/** The text for a new team, set by the user named `actor`. */
export function teamLine(actor: string, before: string | undefined, after: string | undefined): string {
  return after === undefined
    ? `${actor} removed the conversation from the team ${before}`
    : `${actor} assigned the conversation to the team ${after}`
}

/** The texts for changed labels: one for added labels, one for removed labels. */
export function labelLines(actor: string, added: string[], removed: string[]): string[] {
  const lines = []
  if (added.length > 0) lines.push(`${actor} added ${namedLabels(added)}`)
  if (removed.length > 0) lines.push(`${actor} removed ${namedLabels(removed)}`)
  return lines
}

function namedLabels(titles: string[]): string {
  return `the label${titles.length === 1 ? '' : 's'} ${titles.join(', ')}`
}

function minute(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
