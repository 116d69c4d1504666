import type { Action } from '../data/api-types.ts'
import { localized } from '../language.ts'

/** What the actions of macros and proposals are called. */
export const actionNames = localized('actions', {
  send_message: 'Send a reply',
  add_private_note: 'Add a private note',
  add_label: 'Add labels',
  remove_label: 'Remove labels',
  assign_agent: 'Assign to an agent',
  assign_team: 'Assign to a team',
  change_status: 'Set the status',
  snooze_conversation: 'Snooze',
  change_priority: 'Set the priority',
  set_attribute: 'Set an attribute',
  mute_conversation: 'Block the contact',
  send_email_transcript: 'Send a transcript by email',
  send_webhook_event: 'Send to a webhook',
} satisfies Record<Action['action_name'], string>)
