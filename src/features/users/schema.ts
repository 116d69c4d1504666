import { type Static, Type } from 'typebox'
import type { Role, Scope } from '../../lib/actor.ts'
import { emailForm, filledText, id, named, nullable, oneOf, seconds } from '../../lib/schema.ts'

export const roles: Role[] = ['administrator', 'agent']
export const RoleName = oneOf<['administrator', 'agent']>(['administrator', 'agent'])
export const Availability = oneOf(['online', 'busy', 'offline'])
export type Availability = Static<typeof Availability>

export const Email = Type.String({ maxLength: 254, ...emailForm })
/** A new one. */
export const Password = Type.String({
  minLength: 8,
  maxLength: 256,
  description: 'Not one of the most common passwords, nor the name or address of its user.',
})
export const Name = filledText(255)

export const Profile = named(
  'Profile',
  Type.Object({
    id: id(),
    name: Type.String(),
    email: Type.String(),
    avatar_url: nullable(Type.String()),
    accounts: Type.Array(Type.Object({ id: id(), name: Type.String(), role: RoleName })),
    availability: oneOf(['online', 'busy', 'offline'], {
      description: 'The most available of all accounts.',
    }),
  }),
)
export type Profile = Static<typeof Profile>

/** A user as the other members of an account see them. */
export const Agent = named(
  'Agent',
  Type.Object({
    id: id(),
    name: Type.String(),
    email: Type.String(),
    role: RoleName,
    availability: Availability,
    confirmed: Type.Boolean({ description: 'Whether they have accepted their invitation.' }),
    avatar_url: nullable(Type.String()),
  }),
)
export type Agent = Static<typeof Agent>

export const ProfileChange = Type.Object({
  name: Type.Optional(Name),
  availability: Type.Optional(
    oneOf(['online', 'busy', 'offline'], { description: 'In all accounts of the user.' }),
  ),
  password: Type.Optional(
    Type.String({
      minLength: 8,
      maxLength: 256,
      description:
        'Needs `current_password`, and ends all other sessions. Not one of the most common passwords, nor the name or address of its user.',
    }),
  ),
  current_password: Type.Optional(Type.String({ maxLength: 1024 })),
})
export type ProfileChange = Static<typeof ProfileChange>

const scopes: Scope[] = ['read', 'write', 'admin']
const Scopes = Type.Array(oneOf<Scope[]>(scopes), {
  minItems: 1,
  maxItems: 3,
  description: 'Each contains the ones before it.',
})

export const AccessToken = named(
  'AccessToken',
  Type.Object({
    id: id(),
    name: Type.String(),
    scopes: Scopes,
    expires_at: nullable(seconds()),
    last_used_at: nullable(seconds('Unix seconds, to the minute.')),
    created_at: seconds(),
  }),
)
export type AccessToken = Static<typeof AccessToken>

export const NewAccessToken = Type.Object({
  name: Name,
  scopes: Scopes,
  expires_at: Type.Optional(
    nullable(
      Type.Integer({
        minimum: 0,
        maximum: 253_402_300_799,
        description: 'Unix seconds; without it the token does not end.',
      }),
    ),
  ),
})
export type NewAccessToken = Static<typeof NewAccessToken>
