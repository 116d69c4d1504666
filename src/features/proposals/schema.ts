import { type Static, Type } from 'typebox'
import { actorTypes } from '../../lib/actor.ts'
import { filledText, id, named, nullable, oneOf, seconds } from '../../lib/schema.ts'
import { Action, mostActions } from '../actions/schema.ts'
import { Attachment, attachmentParts, mostFiles } from '../attachments/schema.ts'
import { maxContent } from '../messages/schema.ts'

/** The maximum number of proposals of a conversation that wait for a decision. */
export const mostPending = 20

export const proposalsPerPage = 20

const actions = (options: object) => Type.Array(Action, { maxItems: mostActions, ...options })

const Source = Type.Object({
  title: filledText(500),
  url: Type.Optional(
    Type.String({
      maxLength: 2048,
      pattern: '^https?://\\S+$',
      errorMessage: 'must be an http:// or https:// address',
    }),
  ),
})

const state = {
  id: id(),
  conversation_id: id(),
  actor: Type.Object({ type: oneOf([...actorTypes]), id: nullable(id()) }, { description: 'The author.' }),
  status: oneOf(['pending', 'sent', 'refused', 'stale', 'expired'], {
    description:
      '`pending`: it waits for a decision. `stale`: the contact has written since, so it can no longer be sent.',
  }),
  reason: nullable(Type.String({ description: 'Why it was refused.' })),
  decided_by: nullable(id('The user who sent or refused it.')),
  message_id: nullable(id('The message that it has become.')),
  expires_at: nullable(seconds()),
  created_at: seconds(),
  updated_at: seconds(),
}

/** A proposal in events: its content must not stay in the log when the message is deleted. */
export const ProposalState = named('ProposalState', Type.Object(state))
export type ProposalState = Static<typeof ProposalState>

export const Proposal = named(
  'Proposal',
  Type.Object({
    ...state,
    content: Type.String({ description: 'Empty once it was sent: the message has it.' }),
    attachments: Type.Array(Attachment, { maxItems: mostFiles }),
    actions: actions({ description: 'What happens when it is sent.' }),
    sources: Type.Array(Type.Object({ title: Type.String(), url: Type.Optional(Type.String()) })),
  }),
)
export type Proposal = Static<typeof Proposal>

export const NewProposal = Type.Object({
  content: filledText(maxContent),
  actions: actions({
    default: [],
    description: 'What happens when it is sent, as in a macro: in the name of the person who approves it.',
  }),
  sources: Type.Array(Source, {
    maxItems: 20,
    default: [],
    description: 'What it is based on, for the person who decides. The customer does not see it.',
  }),
  expires_at: Type.Optional(nullable(seconds('After this time it cannot be sent; in the future.'))),
})
export type NewProposal = Static<typeof NewProposal>

/** A new proposal as a form with files. */
export const NewProposalForm = Type.Object({ ...NewProposal.properties, ...attachmentParts })

export const Approval = Type.Object({
  content: Type.Optional(filledText(maxContent, { description: 'Another text, if it was edited.' })),
})
export type Approval = Static<typeof Approval>

export const ProposalRefusal = Type.Object({
  reason: filledText(1000, { description: 'Why; it is kept, so that the next ones get better.' }),
})
export type ProposalRefusal = Static<typeof ProposalRefusal>

export const ProposalQuery = Type.Object({
  before_id: Type.Optional(id('Only proposals older than this one.')),
  status: Type.Optional(
    oneOf(['pending', 'sent', 'refused'], {
      description: 'Only these. Those that are stale or have expired count as `pending`.',
    }),
  ),
})
export type ProposalQuery = Static<typeof ProposalQuery>
