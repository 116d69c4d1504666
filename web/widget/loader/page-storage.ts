import type { Area } from '../protocol.ts'

/*
 * The page's storage, for browsers that give third-party frames none. Scripts of the page can read it; but they can
 * follow the conversation anyway (`on('message')`).
 */
function storageOf(area: Area): Storage {
  return area === 'local' ? window.localStorage : window.sessionStorage
}

function attempt(action: () => void): void {
  try {
    action()
  } catch {
    // The page has no storage either, or it is full: the frame has the value until it is reloaded.
  }
}

/** Stores a text in the page's storage; undefined removes it. */
export function keep(area: Area, key: string, text: string | undefined): void {
  attempt(() => {
    if (text === undefined) storageOf(area).removeItem(key)
    else storageOf(area).setItem(key, text)
  })
}

/** Returns what is stored under names with this prefix, by the rest of the name. */
export function storedUnder(prefix: string): Record<Area, Record<string, string>> {
  const found: Record<Area, Record<string, string>> = { local: {}, session: {} }
  for (const area of ['local', 'session'] as const) {
    attempt(() => {
      const storage = storageOf(area)
      for (const key of Object.keys(storage)) {
        if (key.startsWith(prefix)) found[area][key.slice(prefix.length)] = storage.getItem(key)!
      }
    })
  }
  return found
}

/** Removes everything that is stored under names with this prefix. */
export function wipe(prefix: string): void {
  for (const area of ['local', 'session'] as const) {
    attempt(() => {
      for (const key of Object.keys(storageOf(area)))
        if (key.startsWith(prefix)) storageOf(area).removeItem(key)
    })
  }
}
