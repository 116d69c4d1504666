import type { PushMessage } from '../../../src/features/push/schema.ts'
import { account } from '../data/session.ts'
import { openContact } from '../router.ts'
import { isQuiet } from './preferences.ts'
import { settle, waiting } from './unread.ts'

// Milliseconds in which the stream has told of what a push message is about.
const lead = 1000

/**
 * Whether this page, which the user sees, announces what a push message is about. Otherwise the service worker does. It says
 * nothing about other accounts, nor about a new conversation unless it announces its message.
 */
export async function isAnnounced({ account_id, kind, conversation_id }: PushMessage): Promise<boolean> {
  if (isQuiet()) return true
  if (account_id !== account.value?.id) return false
  if (kind === 'import_finished') return openContact.value === 'import'
  if (kind !== 'conversation_creation') return true
  await new Promise((resolve) => setTimeout(resolve, lead))
  await settle()
  return waiting.value.has(conversation_id ?? 0)
}
