import { effect, signal } from '@preact/signals'
import type { Conversation } from './api-types.ts'
import { call } from './call.ts'
import { ids, isComplete } from './list.ts'
import { hear } from './live.ts'
import { accountPath } from './session.ts'

/**
 * What of the first steps to show: all if the user can see no conversation of any status, those next to the sample of the
 * first start if it is the only one, otherwise none. Undefined until that is known.
 */
export const firstSteps = signal<'all' | 'with-sample' | 'none' | undefined>(undefined)

/** The conversation that the first start creates. Nobody can have the address of its contact, which is for examples. */
export const sampleConversation = 1
const sampleAddress = 'jane@example.com'

// Counts what makes it unknown. A response from before the last of these says nothing.
const changes = signal(0)

/** Keeps it up to date; the server is asked only while the list is nearly empty. */
export function followFirstSteps(): () => void {
  const forget = () => {
    firstSteps.value = undefined
    changes.value = changes.peek() + 1
  }
  const meet = (conversation: number) => {
    if (firstSteps.value !== 'with-sample' || conversation !== sampleConversation) firstSteps.value = 'none'
  }
  const stops = [
    effect(() => {
      const change = changes.value
      if (firstSteps.value === undefined && isComplete.value && ids.value.length <= 1)
        void ask(change).catch(() => {})
    }),
    hear({
      conversation: ({ id }) => meet(id),
      message: ({ message }) => meet(message.conversation_id),
      conversationDeleted: forget,
      setting: forget,
      reset: forget,
    }),
    forget,
  ]
  return () => {
    for (const stop of stops) stop()
  }
}

interface Page {
  data: { meta: { all_count: number }; payload: Conversation[] }
}

async function ask(change: number): Promise<void> {
  const path = accountPath()
  const { data } = await call<Page>(`${path}/conversations?status=all`)
  // An event may have come first, or the account may have been changed.
  if (firstSteps.value !== undefined || change !== changes.peek() || path !== accountPath()) return
  const [only] = data.payload
  const isSample = only?.id === sampleConversation && only.contact.email === sampleAddress
  firstSteps.value =
    data.meta.all_count === 0 ? 'all' : data.meta.all_count === 1 && isSample ? 'with-sample' : 'none'
}
