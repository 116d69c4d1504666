import { type Static, Type } from 'typebox'
import { id, named } from '../../lib/schema.ts'
import { Email, Name, Password } from '../users/schema.ts'

export const SignIn = Type.Object({
  email: Type.String({ maxLength: 254 }),
  password: Type.String({ maxLength: 1024 }),
})
export type SignIn = Static<typeof SignIn>

export const ForgottenPassword = Type.Object({ email: Type.String({ maxLength: 254 }) })

const token = Type.String({ maxLength: 255, description: 'The part of the link after the #.' })

export const PasswordReset = Type.Object({
  token,
  password: Password,
  end_tokens: Type.Optional(
    Type.Boolean({ description: 'Whether to end all access tokens of the user, too. Default: true.' }),
  ),
})
export type PasswordReset = Static<typeof PasswordReset>

export const EmailChange = Type.Object({
  email: Email,
  current_password: Type.String({ maxLength: 1024 }),
})
export type EmailChange = Static<typeof EmailChange>

export const EmailConfirmation = Type.Object({ token })

export const InvitationToken = Type.Object({ token })

/** What the page of an invitation shows before it is accepted. */
export const Invitation = named(
  'Invitation',
  Type.Object({
    name: Type.String({ description: 'The name that the invited person was given.' }),
    email: Type.String(),
    account: Type.Object({ id: id(), name: Type.String() }),
  }),
)
export type Invitation = Static<typeof Invitation>

export const Acceptance = Type.Object({
  token,
  password: Password,
  current_password: Type.Optional(
    Type.String({
      maxLength: 1024,
      description: 'Required if a member of another account already signs in with the address.',
    }),
  ),
  name: Type.Optional(Name),
})
export type Acceptance = Static<typeof Acceptance>
