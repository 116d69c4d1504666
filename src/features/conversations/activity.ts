import type { Conversation } from './schema.ts'

/*
 * The sentences of activity lines. They stay as they were written: who is renamed later is still called so in them.
 */

/** What is said of a new status; `until` in milliseconds. */
export function ofStatus(who: string, status: Conversation['status'], until: number | null): string {
  switch (status) {
    case 'open':
      return `${who} reopened the conversation`
    case 'resolved':
      return `${who} resolved the conversation`
    case 'pending':
      return `${who} set the conversation to pending`
    case 'snoozed':
      return `${who} snoozed the conversation until ${until === null ? 'the customer writes' : minute(until)}`
  }
}

export const ofReopening = 'A new message reopened the conversation'
export const ofWaking = 'The conversation woke up'

/** A user as an activity names them. */
export interface Named {
  id: number
  name: string
}

/** What is said of a new assignee, by `who`; null is nobody. */
export function ofAssignee(who: Named, before: Named | null, after: Named | null): string {
  if (after) {
    return after.id === who.id
      ? `${who.name} took the conversation`
      : `${who.name} assigned the conversation to ${after.name}`
  }
  return before?.id === who.id
    ? `${who.name} gave the conversation back`
    : `${who.name} took the conversation from ${before?.name}`
}

/** What is said where the team's turn has assigned somebody. */
export function ofTurn(name: string): string {
  return `The conversation was assigned to ${name}, whose turn it was`
}

/** What is said of a new team, by `who`; null is none. */
export function ofTeam(who: string, before: string | undefined, after: string | undefined): string {
  return after === undefined
    ? `${who} took the conversation from the team ${before}`
    : `${who} assigned the conversation to the team ${after}`
}

/** What is said of labels: a line for those added, one for those removed. */
export function ofLabels(who: string, added: string[], removed: string[]): string[] {
  const lines = []
  if (added.length > 0) lines.push(`${who} added ${added.join(', ')}`)
  if (removed.length > 0) lines.push(`${who} removed ${removed.join(', ')}`)
  return lines
}

function minute(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
