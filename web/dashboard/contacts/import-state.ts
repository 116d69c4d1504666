import { signal } from '@preact/signals'
import type { ContactImport } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { accountPath } from '../data/session.ts'
import { list } from './list-state.ts'

/** The latest imports of the account, with their progress. */
export const imports = signal<readonly ContactImport[]>([])

// Milliseconds between two questions for the progress.
const pause = 700
// The file, on a slow connection.
const longestUpload = 600_000
let timer: ReturnType<typeof setTimeout> | undefined
// A response can come after its page was closed, and must not ask again.
let isFollowed = false

/** The address of an import. */
export function importPath(id: number): string {
  return `${accountPath()}/contact_imports/${id}`
}

/** Uploads a file, which the server then imports. Throws CallError. */
export async function startImport(file: Blob, name: string, isDryRun: boolean): Promise<void> {
  const form = new FormData()
  form.append('dry_run', String(isDryRun))
  form.append('attachments[]', file, name)
  const begun = await call<ContactImport>(`${accountPath()}/contact_imports`, {
    method: 'POST',
    body: form,
    timeout: longestUpload,
  })
  show([begun, ...imports.value])
}

/** Stops an import. Throws CallError. */
export async function stopImport(id: number): Promise<void> {
  const stopped = await call<ContactImport>(`${importPath(id)}/stop`, { method: 'POST' })
  show(imports.value.map((one) => (one.id === id ? stopped : one)))
}

/** Shows the imports, also those that others have begun. Returns a function that ends asking for their progress. */
export function followImports(): () => void {
  isFollowed = true
  void ask(async () => {
    const path = `${accountPath()}/contact_imports`
    return (await call<{ payload: ContactImport[] }>(path)).payload
  })
  return () => {
    isFollowed = false
    clearTimeout(timer)
  }
}

/** Asks for those that run: the list would count the faults of all others, too. */
function askForProgress(): Promise<readonly ContactImport[]> {
  const ask = (one: ContactImport) => (isRunning(one) ? call<ContactImport>(importPath(one.id)) : one)
  return Promise.all(imports.value.map(ask))
}

async function ask(load: () => Promise<readonly ContactImport[]>): Promise<void> {
  const before = imports.value
  const found = await load().catch(() => before)
  // What was begun or stopped meanwhile is newer.
  if (imports.value === before) show(found)
}

function show(next: readonly ContactImport[]): void {
  clearTimeout(timer)
  const wasRunning = imports.value.some(isRunning)
  imports.value = next
  if (!next.some(isRunning)) {
    if (wasRunning) void list.load()
  } else if (isFollowed) timer = setTimeout(() => void ask(askForProgress), pause)
}

export function isRunning({ status }: ContactImport): boolean {
  return status === 'running'
}
