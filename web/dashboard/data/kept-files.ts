/*
 * Files of messages that wait to be sent, kept in the browser's database under the name of their message, so that they
 * are there after a reload, and stay as they were when they were attached.
 */

const store = 'files'
let opening: Promise<IDBDatabase> | undefined
/** Those that the database does not have (yet): this window is all that holds them. */
const held = new Map<string, readonly File[]>()

/** Whether closing the page would lose files. */
export function areFilesHeld(): boolean {
  return held.size > 0
}

/** Keeps files; where the browser will not, this window holds them as long as it is open. */
export async function keepFiles(name: string, files: readonly File[]): Promise<void> {
  held.set(name, files)
  try {
    await within('readwrite', (all) => all.put(files, name))
    held.delete(name)
  } catch {}
}

/** Gives the files that are kept; undefined where there are none, or they cannot be read any more. */
export async function readKeptFiles(name: string): Promise<readonly File[] | undefined> {
  try {
    const files =
      held.get(name) ?? (await within<readonly File[] | undefined>('readonly', (all) => all.get(name)))
    // One that has changed on the disk since is refused here; in a request it would look like a lost connection.
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

/** Forgets those whose name begins with a prefix, but for some. */
export async function forgetOtherFiles(prefix: string, wanted: ReadonlySet<string>): Promise<void> {
  const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`)
  const names = await within<IDBValidKey[]>('readonly', (all) => all.getAllKeys(range)).catch(() => [])
  for (const name of names) if (!wanted.has(String(name))) forgetFiles(String(name))
}

/** Resolves when it is on the disk. */
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
