/** The user that a page describes. */
export interface User {
  name?: string
  email?: string
  avatar_url?: string
  phone_number?: string
  identifier_hash?: string
}

const oneOf = ['avatar_url', 'email', 'name']

/** Throws the errors of Chatwoot for a user that cannot be set: pages may rely on them. */
export function checkUser(identifier: unknown, user: unknown): void {
  if (typeof identifier !== 'string' && typeof identifier !== 'number')
    throw new Error('Identifier should be a string or a number')
  const keys = Object.keys(user ?? {})
  if (!keys.some((key) => oneOf.includes(key)))
    throw new Error(`User object should have one of the keys [${oneOf.join(', ')}]`)
}
