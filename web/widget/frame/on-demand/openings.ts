import { effect } from '@preact/signals'
import { isOpen } from '../data/page-state.ts'
import { callInbox, callOwn, enqueue, visitor } from '../data/visitor.ts'
import { currentVisit } from './visits.ts'

let wasOpen: boolean | undefined

/** Tells the team's programs each time the panel is opened. `isOpenAtStart` counts only in the first call. */
export function followOpening(isOpenAtStart: boolean): void {
  if (wasOpen !== undefined) return
  wasOpen = isOpenAtStart
  effect(() => {
    const open = isOpen.value
    if (open && !wasOpen) report()
    wasOpen = open
  })
}

/** At most once, and after earlier calls of the website, which may say who the visitor is. */
function report(): void {
  const send = async () => {
    const call = visitor.peek() ? callOwn : callInbox
    await call('/openings', { method: 'POST', body: currentVisit() ?? {} }).catch(() => {})
  }
  // It begins in its turn, and what comes after it does not wait for it: a message must not.
  enqueue(
    async () => void send(),
    () => {},
  )
}
