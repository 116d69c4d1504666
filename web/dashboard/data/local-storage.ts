/*
 * What the browser stores between visits. If it refuses (a full disk, a private window), the page works without.
 */

/** Reads a stored value; undefined if there is none that can be parsed. */
export function readStored<T>(name: string): T | undefined {
  try {
    const text = localStorage.getItem(`ndoto.${name}`)
    return text === null ? undefined : (JSON.parse(text) as T)
  } catch {
    return undefined
  }
}

/** Stores a value, and returns whether that worked; undefined removes it. */
export function store(name: string, value: unknown): boolean {
  try {
    if (value === undefined) localStorage.removeItem(`ndoto.${name}`)
    else localStorage.setItem(`ndoto.${name}`, JSON.stringify(value))
    return true
  } catch {
    return false
  }
}

/** Returns the names of stored values that begin with a prefix. */
export function storedNames(prefix: string): string[] {
  try {
    return Object.keys(localStorage).flatMap((key) =>
      key.startsWith(`ndoto.${prefix}`) ? [key.slice('ndoto.'.length)] : [],
    )
  } catch {
    return []
  }
}

/** Calls back when another window of this browser has changed a stored value. */
export function whenStoredElsewhere(name: string, callback: () => void): () => void {
  const listener = (event: StorageEvent) => {
    if (event.key === `ndoto.${name}` || event.key === null) callback()
  }
  addEventListener('storage', listener)
  return () => removeEventListener('storage', listener)
}
