import { type Static, Type } from 'typebox'
import { filledText, id, named, nullable, seconds } from '../../lib/schema.ts'

export const Team = named(
  'Team',
  Type.Object({
    id: id(),
    name: Type.String({ description: 'Unique in the account, ignoring case.' }),
    description: nullable(Type.String()),
    allow_auto_assign: Type.Boolean({
      description:
        'Whether conversations assigned to the team are assigned in turn to members who are online: not to those who are busy or offline.',
    }),
    created_at: seconds(),
    updated_at: seconds(),
  }),
)
export type Team = Static<typeof Team>

const description = nullable(Type.String({ maxLength: 1000 }))

export const NewTeam = Type.Object({
  name: filledText(100),
  description: Type.Optional(description),
  allow_auto_assign: Type.Boolean({ default: true }),
})
export type NewTeam = Static<typeof NewTeam>

export const TeamChange = Type.Object({
  name: Type.Optional(filledText(100)),
  description: Type.Optional(description),
  allow_auto_assign: Type.Optional(Type.Boolean()),
})
export type TeamChange = Static<typeof TeamChange>
