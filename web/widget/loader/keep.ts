import type { Area } from '../protocol.ts'

/*
 * For browsers that give frames of others no storage: the page's own. Its scripts could read it there; they hear what is
 * said anyway, if they ask (`on('message')`).
 */
function storageOf(area: Area): Storage {
  return area === 'local' ? window.localStorage : window.sessionStorage
}

function attempt(action: () => void): void {
  try {
    action()
  } catch {
    // The page has no storage either, or it is full: then the frame alone knows, until it is reloaded.
  }
}

/** Keeps a text in the page's storage; undefined removes it. */
export function keep(area: Area, key: string, text: string | undefined): void {
  attempt(() => {
    if (text === undefined) storageOf(area).removeItem(key)
    else storageOf(area).setItem(key, text)
  })
}

/** What is kept there under names with this prefix, which is left out. */
export function keepsOf(prefix: string): Record<Area, Record<string, string>> {
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

/** Removes all of that. */
export function wipe(prefix: string): void {
  for (const area of ['local', 'session'] as const) {
    attempt(() => {
      for (const key of Object.keys(storageOf(area)))
        if (key.startsWith(prefix)) storageOf(area).removeItem(key)
    })
  }
}
