import { list, plural } from './language.ts'

/** The texts of activity messages, by `content_attributes.activity.kind`. */
export const activityStrings = {
  system: 'The system',
  opened: (actor: string) => `${actor} reopened the conversation`,
  resolved: (actor: string) => `${actor} resolved the conversation`,
  pending: (actor: string) => `${actor} set the conversation to pending`,
  snoozed: (actor: string, until: string) => `${actor} snoozed the conversation until ${until}`,
  snoozedForever: (actor: string) => `${actor} snoozed the conversation until the customer writes`,
  reopened: 'A new message reopened the conversation',
  unsnoozed: 'The conversation was reopened at the end of its snooze time',
  taken: (actor: string) => `${actor} took the conversation`,
  given_up: (actor: string) => `${actor} unassigned themselves from the conversation`,
  assigned: (actor: string, assignee: string) => `${actor} assigned the conversation to ${assignee}`,
  unassigned: (actor: string, assignee: string) => `${actor} unassigned ${assignee} from the conversation`,
  assigned_by_turns: (assignee: string) => `The conversation was assigned to ${assignee}, whose turn it was`,
  team_assigned: (actor: string, team: string) => `${actor} assigned the conversation to the team ${team}`,
  team_removed: (actor: string, team: string) => `${actor} removed the conversation from the team ${team}`,
  labels_added: (actor: string, labels: readonly string[]) =>
    `${actor} added ${plural(labels.length, { one: 'the label', other: 'the labels' })} ${list(labels)}`,
  labels_removed: (actor: string, labels: readonly string[]) =>
    `${actor} removed ${plural(labels.length, { one: 'the label', other: 'the labels' })} ${list(labels)}`,
  transcript_sent: (actor: string, email: string) => `${actor} sent a transcript to ${email}`,
  transcript_failed: (email: string, reason: string) =>
    `The transcript to ${email} could not be sent: ${reason}`,
  shared_with_webhook: (actor: string, webhook: string) =>
    `${actor} sent the conversation to the webhook ${webhook}`,
}
