import { complaint } from '../data/changes.ts'
import { forgetDrafts } from '../data/drafts.ts'
import { store } from '../data/local-storage.ts'
import { discard, outbox } from '../data/outbox.ts'
import { signOut } from '../data/session.ts'
import { strings } from '../strings.ts'
import { confirmAction } from './confirm-dialog.tsx'

/** Signs out, and asks first if there are unsent messages. Drafts and unsent messages are removed from the browser. */
export async function confirmSignOut(): Promise<void> {
  const { unsent: title, unsentText: text, signOut: action } = strings.nav
  if (outbox.value.length > 0 && !(await confirmAction({ title, text, action }))) return
  const unsent = outbox.value
  forgetDrafts()
  try {
    await signOut()
    // The next user may want another language.
    store('language', undefined)
    for (const entry of unsent) discard(entry)
  } catch (error) {
    complaint.value = (error as Error).message
  }
}
