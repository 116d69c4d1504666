import { account, profile } from '../data/session.ts'

/*
 * All windows of a browser get the same messages, but only one notifies the user. The windows agree in the browser's
 * database: its transactions never read an old value, but localStorage may, because each process has a copy of it. A
 * window that has slept reads there what the others have already notified about.
 */

export type Channel = 'sound' | 'desktop' | 'notification'

/** The id of the newest message by conversation. */
export type Newest = ReadonlyMap<number, number>

const store = 'claims'
// Conversations that are remembered.
const most = 500
let opening: Promise<IDBDatabase> | undefined

/**
 * Returns the conversations whose newest message no window of this browser has claimed for the channel. They are claimed
 * now: the caller has to notify about them.
 */
export async function claim(channel: Channel, newest: Newest): Promise<number[]> {
  const name = `${profile.value?.id ?? 0}.${account.value?.id ?? 0}.${channel}`
  try {
    opening ??= open()
    return await claimIn(await opening, name, newest)
  } catch {
    // If the browser refuses to store anything, its windows know nothing of each other.
    return [...newest.keys()]
  }
}

function claimIn(database: IDBDatabase, name: string, newest: Newest): Promise<number[]> {
  const transaction = database.transaction(store, 'readwrite')
  const all = transaction.objectStore(store)
  const reading: IDBRequest<Newest | undefined> = all.get(name)
  let free: [number, number][] = []
  reading.onsuccess = () => {
    const claimed = new Map(reading.result ?? [])
    free = [...newest].filter(([id, message]) => message > (claimed.get(id) ?? 0))
    for (const [id, message] of free) {
      // The most recently claimed ones are at the end.
      claimed.delete(id)
      claimed.set(id, message)
    }
    all.put(new Map([...claimed].slice(-most)), name)
  }
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(free.map(([id]) => id))
    transaction.onabort = () => reject(transaction.error)
  })
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('ndoto-notifications', 1)
    request.onupgradeneeded = () => request.result.createObjectStore(store)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
