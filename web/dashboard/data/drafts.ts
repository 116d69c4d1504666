import { readStored, store, storedNames } from './local-storage.ts'
import { forgetPendingFiles } from './pending-files.ts'
import { account, profile } from './session.ts'

/** An unsent text in a conversation. */
export interface Draft {
  text: string
  isPrivate: boolean
  /** The names of attached files; the files are not stored. */
  files?: readonly string[]
}

function name(conversation: number): string {
  return `draft.${profile.value?.id ?? 0}.${account.value?.id ?? 0}.${conversation}`
}

export function readDraft(conversation: number): Draft {
  return readStored<Draft>(name(conversation)) ?? { text: '', isPrivate: false }
}

/** Stores a draft; an empty one is removed. */
export function storeDraft(conversation: number, draft: Draft): void {
  store(name(conversation), draft.text === '' && !draft.files?.length ? undefined : draft)
}

/** Removes all drafts of the user. */
export function forgetDrafts(): void {
  forgetPendingFiles()
  for (const draftName of storedNames(`draft.${profile.value?.id ?? 0}.`)) store(draftName, undefined)
}
