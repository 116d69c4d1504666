import { feature as contacts } from './features/contacts/feature.ts'
import { feature as conversations } from './features/conversations/feature.ts'
import { feature as inboxes } from './features/inboxes/feature.ts'
import { feature as messages } from './features/messages/feature.ts'
import type { Feature } from './http/feature.ts'

/**
 * The features in order: each may import those above it (their service, schema and events only).
 * `accounts` and `users` have no routes of their own yet.
 */
export const features: readonly Feature[] = [
  { name: 'accounts' },
  { name: 'users' },
  inboxes,
  contacts,
  conversations,
  messages,
]
