import { type Static, Type } from 'typebox'
import { id, named, nullable } from '../../lib/schema.ts'
import { Agent, Availability, Email, Name, RoleName } from '../users/schema.ts'

export const InvitedAgent = named(
  'InvitedAgent',
  Type.Object({
    ...Agent.properties,
    invite_url: nullable(
      Type.String({
        description:
          'The link to accept the invitation, once and within 7 days: pass it on to the agent. If a member of another account already signs in with the address, their current password is required, too. null if a mail server is configured: then the link was mailed to the agent.',
      }),
    ),
  }),
)
export type InvitedAgent = Static<typeof InvitedAgent>

const ids = (description: string) => Type.Array(id(), { maxItems: 1000, description })

export const NewAgent = Type.Object({
  name: Name,
  email: Email,
  role: RoleName,
  availability: Type.Optional(Availability),
  inbox_ids: Type.Optional(ids('The inboxes that they become a member of.')),
  team_ids: Type.Optional(ids('The teams that they become a member of.')),
})
export type NewAgent = Static<typeof NewAgent>

export const AgentChange = Type.Object({
  name: Type.Optional(Name),
  role: Type.Optional(RoleName),
  availability: Type.Optional(Availability),
})
export type AgentChange = Static<typeof AgentChange>
