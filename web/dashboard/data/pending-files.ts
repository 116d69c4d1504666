import { type Signal, signal } from '@preact/signals'
import { fileSizeText } from '../file-size.ts'
import { strings } from '../strings.ts'
import { areFilesUnstored } from './file-store.ts'
import { accountPath } from './session.ts'

/** The server's limit for a message. */
export const mostFiles = 15
/** Bytes of one file; the server writes its limit into the page. */
const largest = Number(document.documentElement.dataset.maxFileSize) || 40 * 1024 ** 2

/** Stands for the conversation that a dialog is about to begin. */
export const newConversation = 0

/** Files that are attached to the draft of a conversation, until the page is closed. */
interface PendingFiles {
  files: Signal<readonly File[]>
  /** Sentences that say why some of the last files were refused. */
  refusals: Signal<readonly string[]>
}

const all = new Map<string, PendingFiles>()

export function pendingFilesOf(conversation: number): PendingFiles {
  const name = `${accountPath()}/${conversation}`
  const there = all.get(name) ?? { files: signal([]), refusals: signal([]) }
  all.set(name, there)
  return there
}

/** Adds files, up to the limits. */
export async function attach(conversation: number, added: Iterable<File>): Promise<void> {
  const { files, refusals } = pendingFilesOf(conversation)
  const checked = await Promise.all([...added].map(async (file) => ({ file, why: await whyNot(file) })))
  const good = checked.flatMap(({ file, why }) => (why === undefined ? [file] : []))
  const taken = good.slice(0, Math.max(0, mostFiles - files.peek().length))
  const left = good.length - taken.length
  files.value = [...files.peek(), ...taken]
  refusals.value = [
    ...checked.flatMap(({ why }) => why ?? []),
    ...(left > 0 ? [strings.composer.tooMany(mostFiles, left)] : []),
  ]
}

async function whyNot(file: File): Promise<string | undefined> {
  const { tooLarge, unreadable } = strings.composer
  if (file.size > largest) return tooLarge(file.name, fileSizeText(file.size), fileSizeText(largest))
  // A dropped folder is listed as a file.
  return file
    .slice(0, 1)
    .arrayBuffer()
    .then(
      () => undefined,
      () => unreadable(file.name),
    )
}

export function forgetPendingFiles(): void {
  all.clear()
}

// The browser asks before it closes the page.
addEventListener('beforeunload', (event) => {
  const isSomeAttached = [...all.values()].some(({ files }) => files.peek().length > 0)
  if (isSomeAttached || areFilesUnstored()) event.preventDefault()
})
