import { effect, signal } from '@preact/signals'
import type { Inbox } from './api-types.ts'
import { isOpen, isVisible } from './page-state.ts'
import { settings } from './settings.ts'
import { callInbox, visitor } from './visitor.ts'

/** Whether somebody of the team is there. */
export const isAvailable = signal(settings.available)

/** Keeps it up to date for those who have not written yet. All others learn it from their event stream. */
export function followAvailability(): void {
  const ask = () =>
    callInbox<Inbox>('').then(
      ({ available }) => {
        isAvailable.value = available
      },
      () => {},
    )
  effect(() => {
    if (visitor.value || !isOpen.value || !isVisible.value) return
    void ask()
    const timer = setInterval(ask, 60_000)
    return () => clearInterval(timer)
  })
}
