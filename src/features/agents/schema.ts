import { type Static, Type } from 'typebox'
import { named, nullable } from '../../lib/schema.ts'
import { Agent, Availability, Email, Name, RoleName } from '../users/schema.ts'

export const InvitedAgent = named(
  'InvitedAgent',
  Type.Object({
    ...Agent.properties,
    invite_url: nullable(
      Type.String({
        description:
          'Pass it on: its holder accepts, once and within 7 days, and sets the password. If somebody who works in another account signs in with the address, it opens nothing without their current password. null if a mail server is configured: then it was sent to them.',
      }),
    ),
  }),
)
export type InvitedAgent = Static<typeof InvitedAgent>

export const NewAgent = Type.Object({
  name: Name,
  email: Email,
  role: RoleName,
  availability: Type.Optional(Availability),
})
export type NewAgent = Static<typeof NewAgent>

export const AgentChange = Type.Object({
  name: Type.Optional(Name),
  role: Type.Optional(RoleName),
  availability: Type.Optional(Availability),
})
export type AgentChange = Static<typeof AgentChange>
