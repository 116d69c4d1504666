/*
 * Files of messages in the outbox, stored in the browser's database by the name of the message, so that they survive a
 * reload and stay as they were when they were attached.
 */

const store = 'files'
let opening: Promise<IDBDatabase> | undefined
/** Files that are not in the database (yet): only this window has them. */
const held = new Map<string, readonly File[]>()

/** Whether closing the page would lose files. */
export function areFilesUnstored(): boolean {
  return held.size > 0
}

/** Stores files. If the browser refuses, this window has them as long as it is open. */
export async function storeFiles(name: string, files: readonly File[]): Promise<void> {
  held.set(name, files)
  try {
    await within('readwrite', (all) => all.put(files, name))
    held.delete(name)
  } catch {}
}

/** Returns the stored files; undefined if there are none, or they can no longer be read. */
export async function readStoredFiles(name: string): Promise<readonly File[] | undefined> {
  try {
    const files =
      held.get(name) ?? (await within<readonly File[] | undefined>('readonly', (all) => all.get(name)))
    // Fails here for a file that has changed on disk; in a request it would be taken for a lost connection.
    for (const file of files ?? []) await file.slice(0, 1).arrayBuffer()
    return files
  } catch {
    return undefined
  }
}

export function forgetFiles(name: string): void {
  held.delete(name)
  void within('readwrite', (all) => all.delete(name)).catch(() => {})
}

/** Removes the files whose names begin with a prefix, except the wanted ones. */
export async function forgetOtherFiles(prefix: string, wanted: ReadonlySet<string>): Promise<void> {
  const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`)
  const names = await within<IDBValidKey[]>('readonly', (all) => all.getAllKeys(range)).catch(() => [])
  for (const name of names) if (!wanted.has(String(name))) forgetFiles(String(name))
}

/** Resolves when the transaction is complete. */
async function within<T>(mode: IDBTransactionMode, act: (all: IDBObjectStore) => IDBRequest): Promise<T> {
  opening ??= open()
  const transaction = (await opening).transaction(store, mode)
  const request = act(transaction.objectStore(store))
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request.result)
    transaction.onabort = () => reject(transaction.error)
  })
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('ndoto', 1)
    request.onupgradeneeded = () => request.result.createObjectStore(store)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
