/*
 * What the browser keeps between visits. Where it refuses (a full disk, a private window) the page works without.
 */

/** Reads what was kept under a name; undefined where there is nothing that can be read. */
export function readKept<T>(name: string): T | undefined {
  try {
    const text = localStorage.getItem(`ndoto.${name}`)
    return text === null ? undefined : (JSON.parse(text) as T)
  } catch {
    return undefined
  }
}

/** Keeps a value; undefined removes it. Gives whether it is kept. */
export function keep(name: string, value: unknown): boolean {
  try {
    if (value === undefined) localStorage.removeItem(`ndoto.${name}`)
    else localStorage.setItem(`ndoto.${name}`, JSON.stringify(value))
    return true
  } catch {
    return false
  }
}

/** The names of all that is kept and begins with a prefix. */
export function keptNames(prefix: string): string[] {
  try {
    return Object.keys(localStorage).flatMap((key) =>
      key.startsWith(`ndoto.${prefix}`) ? [key.slice('ndoto.'.length)] : [],
    )
  } catch {
    return []
  }
}

/** Calls back when another window of this browser has changed what is kept under a name. */
export function whenKeptElsewhere(name: string, callback: () => void): () => void {
  const listener = (event: StorageEvent) => {
    if (event.key === `ndoto.${name}` || event.key === null) callback()
  }
  addEventListener('storage', listener)
  return () => removeEventListener('storage', listener)
}
