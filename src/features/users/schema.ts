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
  end_tokens: Type.Optional(
    Type.Boolean({
      description: 'With `password`: whether all access tokens of the user end, too; false if left out.',
    }),
  ),
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
    user_id: id('Of the user who acts with it.'),
    account_ids: Type.Array(id(), {
      description:
        'The accounts that it opens: one, unless it was made before tokens belonged to an account. A list for administrators names their own only.',
    }),
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
        description: 'Unix seconds; null for a token that does not end. In 90 days if left out.',
      }),
    ),
  ),
  account_id: Type.Optional(
    id('The account that it opens. Required of a session whose user is a member of several.'),
  ),
  current_password: Type.Optional(
    Type.String({ maxLength: 1024, description: 'Required of a session for the scope `admin`.' }),
  ),
})
export type NewAccessToken = Static<typeof NewAccessToken>

/** A browser in which a user has signed in, as they see it. */
export const Session = named(
  'Session',
  Type.Object({
    id: id(),
    user_agent: nullable(Type.String({ description: 'What the browser says it is.' })),
    current: Type.Boolean({ description: 'Whether it is the session that asks.' }),
    created_at: seconds(),
    last_used_at: seconds('Unix seconds, to the minute.'),
    expires_at: seconds('30 days after its last use, and at most 90 days after it began.'),
  }),
)
export type Session = Static<typeof Session>
