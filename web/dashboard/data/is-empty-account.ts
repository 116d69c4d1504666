import { effect, signal } from '@preact/signals'
import { call } from './call.ts'
import { ids, isComplete } from './list.ts'
import { hear } from './live.ts'
import { accountPath } from './session.ts'

/** Whether the user can see no conversation at all, of any status; undefined until that is known. */
export const isEmptyAccount = signal<boolean | undefined>(undefined)

/** Keeps it up to date; the server is asked only while the list is empty. */
export function followEmptyAccount(): () => void {
  const forget = () => {
    isEmptyAccount.value = undefined
  }
  const meet = () => {
    isEmptyAccount.value = false
  }
  const stops = [
    effect(() => {
      if (isEmptyAccount.value === undefined && isComplete.value && ids.value.length === 0)
        void ask().catch(() => {})
    }),
    hear({ conversation: meet, message: meet, conversationDeleted: forget, setting: forget, reset: forget }),
    forget,
  ]
  return () => {
    for (const stop of stops) stop()
  }
}

async function ask(): Promise<void> {
  const path = accountPath()
  const { data } = await call<{ data: { meta: { all_count: number } } }>(`${path}/conversations?status=all`)
  // An event may have come first, or the account may have been changed.
  if (isEmptyAccount.value === undefined && path === accountPath())
    isEmptyAccount.value = data.meta.all_count === 0
}
