import { useSignal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import { type Draft, readDraft, storeDraft } from '../data/drafts.ts'
import { ServerDraft } from '../data/server-draft.ts'

/** The draft of a conversation: stored in the browser, and the same on the server. A hook. */
export function useDraft(conversation: number) {
  const draft = useSignal(readDraft(conversation))
  const set = (changes: Partial<Draft>) => {
    draft.value = { ...draft.value, ...changes }
    storeDraft(conversation, draft.value)
  }
  const serverDraft = useMemo(() => new ServerDraft(conversation, { get: () => draft.peek(), set }), [])
  useEffect(() => serverDraft.follow(), [])
  const write = (changes: Partial<Draft>) => {
    set(changes)
    serverDraft.changed()
  }
  return { draft, write, serverDraft }
}
