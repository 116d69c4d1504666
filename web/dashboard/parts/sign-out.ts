import { complaint } from '../data/changes.ts'
import { forgetDrafts } from '../data/drafts.ts'
import { store } from '../data/local-storage.ts'
import { discard, outbox } from '../data/outbox.ts'
import { signOut, startAfresh } from '../data/session.ts'
import { strings } from '../strings.ts'
import { confirmAction } from './confirm-dialog.tsx'

/** Signs out, and asks first if there are unsent messages. Drafts and unsent messages are removed from the browser. */
export async function confirmSignOut(): Promise<void> {
  const { unsent: title, unsentText: text, signOut: action } = strings.nav
  if (outbox.value.length > 0 && !(await confirmAction({ title, text, action }))) return
  forgetDrafts()
  try {
    await signOut()
    forgetUnsent()
  } catch (error) {
    complaint.value = (error as Error).message
  }
}

/** Gives up the page of a user whose session has ended, with all that is in this browser only. */
export async function abandonPage(): Promise<void> {
  forgetDrafts()
  forgetUnsent()
  // The session has ended anyway.
  await signOut().catch(() => {})
  startAfresh()
}

function forgetUnsent(): void {
  // The next user may want another language.
  store('language', undefined)
  for (const entry of outbox.value) discard(entry)
}
