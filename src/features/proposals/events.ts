import { settingEvents } from '../accounts/service.ts'
import { subjectOf } from '../conversations/event-log.ts'
import { type Proposal, ProposalState } from './schema.ts'

/** Without the content, which must not stay in the log when the message is deleted. */
export const proposalEvents = settingEvents('proposal', ProposalState, {
  subjectOf: (tx, accountId, { conversation_id }) => subjectOf(tx, accountId, conversation_id),
})

/** What events show of a proposal. */
export function stateOf({ content, attachments, actions, sources, ...state }: Proposal): ProposalState {
  return state
}
