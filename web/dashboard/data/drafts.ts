import { forgetAttaching } from './attaching.ts'
import { keep, keptNames, readKept } from './kept.ts'
import { account, profile } from './session.ts'

/** What somebody has begun to write in a conversation. */
export interface Draft {
  text: string
  isPrivate: boolean
  /** The names of files that were attached, which are not kept themselves. */
  files?: readonly string[]
}

function name(conversation: number): string {
  return `draft.${profile.value?.id ?? 0}.${account.value?.id ?? 0}.${conversation}`
}

export function readDraft(conversation: number): Draft {
  return readKept<Draft>(name(conversation)) ?? { text: '', isPrivate: false }
}

/** Keeps it; one without a text and files is forgotten. */
export function keepDraft(conversation: number, draft: Draft): void {
  keep(name(conversation), draft.text === '' && !draft.files?.length ? undefined : draft)
}

/** Forgets all drafts of the user, who signs out. */
export function forgetDrafts(): void {
  forgetAttaching()
  for (const kept of keptNames(`draft.${profile.value?.id ?? 0}.`)) keep(kept, undefined)
}
