import { settingEvents } from '../accounts/service.ts'
import { subjectOf } from '../conversations/event-log.ts'
import { type ScheduledMessage, ScheduledMessageState } from './schema.ts'

/** Without the content, which must not stay in the log when the message is deleted. */
export const scheduledMessageEvents = settingEvents('scheduled_message', ScheduledMessageState, {
  subjectOf: (tx, accountId, { conversation_id }) => subjectOf(tx, accountId, conversation_id),
})

/** What events show of a scheduled message. */
export function stateOf({
  content,
  attachments,
  content_attributes,
  append_signature,
  ...state
}: ScheduledMessage): ScheduledMessageState {
  return state
}
