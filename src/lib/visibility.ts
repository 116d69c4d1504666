import { oneOf } from './schema.ts'

/** Who can use what an agent has saved: every agent of the account, or only its author. */
export function visibilitySchema(options: object = {}) {
  return oneOf(['account', 'mine'], {
    description: '`account`: every agent can use it. `mine`: only its author can.',
    ...options,
  })
}
