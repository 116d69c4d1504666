import { readStored, store, storedNames } from './local-storage.ts'
import type { MailDraft } from './mail-draft.ts'
import { forgetPendingFiles } from './pending-files.ts'
import { account, profile } from './session.ts'

/** The files of a canned response. */
export interface CannedFiles {
  /** The id of the canned response. */
  id: number
  files: readonly { name: string; size: number }[]
}

/** An unsent text in a conversation. */
export interface Draft {
  text: string
  isPrivate: boolean
  /** The names of attached files; the files are not stored. */
  files?: readonly string[]
  /** The files of canned responses in the text, which the server adds. */
  canned?: readonly CannedFiles[]
  /** What the server has, as far as this browser knows. */
  synced?: { version: number; text: string; isPrivate: boolean } | undefined
  /** The head of a reply by mail, if its fields are shown. */
  mail?: MailDraft | undefined
}

function name(conversation: number): string {
  return `draft.${profile.value?.id ?? 0}.${account.value?.id ?? 0}.${conversation}`
}

export function readDraft(conversation: number): Draft {
  return readStored<Draft>(name(conversation)) ?? { text: '', isPrivate: false }
}

/** Stores a draft; an empty one is removed. */
export function storeDraft(conversation: number, draft: Draft): void {
  const isEmpty = draft.text === '' && !draft.files?.length && !draft.canned?.length && !draft.mail
  store(name(conversation), isEmpty ? undefined : draft)
}

/** Removes all drafts of the user. */
export function forgetDrafts(): void {
  forgetPendingFiles()
  for (const draftName of storedNames(`draft.${profile.value?.id ?? 0}.`)) store(draftName, undefined)
}
