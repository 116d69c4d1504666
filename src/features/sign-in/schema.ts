import { type Static, Type } from 'typebox'
import { Name, Password } from '../users/schema.ts'

export const SignIn = Type.Object({
  email: Type.String({ maxLength: 254 }),
  password: Type.String({ maxLength: 1024 }),
})
export type SignIn = Static<typeof SignIn>

export const ForgottenPassword = Type.Object({ email: Type.String({ maxLength: 254 }) })

const token = Type.String({ maxLength: 255, description: 'What follows the # in the link.' })

export const PasswordReset = Type.Object({ token, password: Password })
export type PasswordReset = Static<typeof PasswordReset>

export const Acceptance = Type.Object({ token, password: Password, name: Type.Optional(Name) })
export type Acceptance = Static<typeof Acceptance>
