import { signal } from '@preact/signals'
import type { CallError } from '../../shared/api.ts'

/** Whether the session of the user has ended: their page stays as it is, but hidden, until they sign in again. */
export const isSessionOver = signal(false)

let waiting: (() => void)[] = []
// How often the user has signed in again in this page.
let renewals = 0
let hasPage = () => false

/** Sets what happens when the server no longer knows the session. Return whether there is a page that the user can go on with. */
export function whenSessionEnds(callback: () => boolean): void {
  hasPage = callback
}

/**
 * Runs a call, and once more when the user has signed in again if the session has ended: a call that was refused for that
 * has changed nothing.
 */
export async function withSession<T>(run: () => Promise<T>): Promise<T> {
  for (;;) {
    const before = renewals
    try {
      return await run()
    } catch (error) {
      if ((error as CallError).code !== 'unauthenticated' || !hasPage()) throw error
      // A refusal can arrive after the user has signed in again.
      if (before === renewals) await renewal()
    }
  }
}

function renewal(): Promise<void> {
  isSessionOver.value = true
  return new Promise((resolve) => waiting.push(resolve))
}

/** The same user has signed in again: the page is shown, and the calls that wait are sent again. */
export function renewSession(): void {
  renewals += 1
  isSessionOver.value = false
  const all = waiting
  waiting = []
  for (const goOn of all) goOn()
}
