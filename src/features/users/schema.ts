import { type Static, Type } from 'typebox'
import type { Role, Scope } from '../../lib/actor.ts'
import { emailForm, filledText, id, named, nullable, oneOf, seconds } from '../../lib/schema.ts'

export const roles: Role[] = ['administrator', 'agent']
export const RoleName = oneOf<['administrator', 'agent']>(['administrator', 'agent'])
export const Availability = oneOf(['online', 'busy', 'offline'], {
  description: 'What the user has chosen. `GET /presence` has their status.',
})
export type Availability = Static<typeof Availability>

export const Email = Type.String({ maxLength: 254, ...emailForm })
/** A new password. */
export const Password = Type.String({
  minLength: 8,
  maxLength: 256,
  description: 'Must not be one of the most common passwords, or the name or e-mail address of the user.',
})
export const Name = filledText(255)

/** The languages of the dashboard. */
const locales = ['en', 'ar', 'de', 'es', 'fr', 'pt-BR', 'sw'] as const
export type Locale = (typeof locales)[number]
const locale = nullable(
  oneOf<Locale[]>([...locales], {
    description: 'The language of the dashboard. null: the language of the browser.',
  }),
)

export const Profile = named(
  'Profile',
  Type.Object({
    id: id(),
    name: Type.String(),
    email: Type.String(),
    avatar_url: nullable(Type.String()),
    accounts: Type.Array(Type.Object({ id: id(), name: Type.String(), role: RoleName })),
    availability: oneOf(['online', 'busy', 'offline'], {
      description: 'What the user has chosen; the most available one among all their accounts.',
    }),
    ui_settings: Type.Object({ locale }),
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
    confirmed: Type.Boolean({ description: 'Whether the user has accepted their invitation.' }),
    avatar_url: nullable(Type.String()),
  }),
)
export type Agent = Static<typeof Agent>

export const ProfileChange = Type.Object({
  name: Type.Optional(Name),
  availability: Type.Optional(
    oneOf(['online', 'busy', 'offline'], { description: 'In all accounts of the user.' }),
  ),
  ui_settings: Type.Optional(Type.Object({ locale: Type.Optional(locale) })),
  password: Type.Optional(
    Type.String({
      minLength: 8,
      maxLength: 256,
      description:
        'Requires `current_password`, and ends all other sessions. Must not be one of the most common passwords, or the name or e-mail address of the user.',
    }),
  ),
  current_password: Type.Optional(Type.String({ maxLength: 1024 })),
  end_tokens: Type.Optional(
    Type.Boolean({
      description: 'With `password`: whether to end all access tokens of the user, too. Default: false.',
    }),
  ),
})
export type ProfileChange = Static<typeof ProfileChange>

const scopes: Scope[] = ['read', 'write', 'admin']
const Scopes = Type.Array(oneOf<Scope[]>(scopes), {
  minItems: 1,
  maxItems: 3,
  description: 'Each scope includes the ones before it.',
})

export const AccessToken = named(
  'AccessToken',
  Type.Object({
    id: id(),
    user_id: id('The user as whom a program with this token acts.'),
    account_ids: Type.Array(id(), {
      description:
        'The accounts that the token can use: one, unless it was created before tokens belonged to an account. A list for administrators contains only their own account.',
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
        description: 'Unix seconds; null for a token that does not expire. Default: in 90 days.',
      }),
    ),
  ),
  account_id: Type.Optional(
    id('The account that the token can use. Required with a session if the user is a member of several.'),
  ),
  current_password: Type.Optional(
    Type.String({ maxLength: 1024, description: 'Required with a session for the scope `admin`.' }),
  ),
})
export type NewAccessToken = Static<typeof NewAccessToken>

/** A browser in which a user is signed in, as it is shown to them. */
export const Session = named(
  'Session',
  Type.Object({
    id: id(),
    user_agent: nullable(Type.String({ description: 'The `User-Agent` of the browser.' })),
    current: Type.Boolean({ description: 'Whether it is the session that makes this request.' }),
    created_at: seconds(),
    last_used_at: seconds('Unix seconds, to the minute.'),
    expires_at: seconds('30 days after its last use, and at most 90 days after it began.'),
  }),
)
export type Session = Static<typeof Session>
