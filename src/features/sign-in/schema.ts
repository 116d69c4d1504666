import { type Static, Type } from 'typebox'
import { Name, Password } from '../users/schema.ts'

export const SignIn = Type.Object({
  email: Type.String({ maxLength: 254 }),
  password: Type.String({ maxLength: 1024 }),
})
export type SignIn = Static<typeof SignIn>

export const ForgottenPassword = Type.Object({ email: Type.String({ maxLength: 254 }) })

const token = Type.String({ maxLength: 255, description: 'What follows the # in the link.' })

export const PasswordReset = Type.Object({
  token,
  password: Password,
  end_tokens: Type.Optional(
    Type.Boolean({ description: 'Whether all access tokens of the user end, too; true if left out.' }),
  ),
})
export type PasswordReset = Static<typeof PasswordReset>

export const Acceptance = Type.Object({
  token,
  password: Password,
  current_password: Type.Optional(
    Type.String({
      maxLength: 1024,
      description: 'Required if somebody who works in another account already signs in with the address.',
    }),
  ),
  name: Type.Optional(Name),
})
export type Acceptance = Static<typeof Acceptance>
