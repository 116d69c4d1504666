import type { Area } from '../../protocol.ts'
import { settings } from './settings.ts'
import { ownStorage } from './storage.ts'
import { page, tell, whenKept } from './website.ts'

/*
 * What the browser keeps for the frame: in its own storage, which pages around it cannot read. Where the browser gives
 * frames of others none (as many do that block cookies of third parties), in that of the website.
 */
const prefix = `ndoto.${settings.inbox}.`
const lent = {
  local: new Map(Object.entries(page.kept?.local ?? {})),
  session: new Map(Object.entries(page.kept?.session ?? {})),
}

/** What is kept under a name; undefined where nothing is, or nothing of ours. */
export function read<T>(name: string, area: Area = 'local'): T | undefined {
  try {
    const text = ownStorage ? ownStorage[area].getItem(prefix + name) : lent[area].get(name)
    return text == null ? undefined : (JSON.parse(text) as T)
  } catch {
    return undefined
  }
}

/** Keeps it; undefined removes it. */
export function keep(name: string, value: unknown, area: Area = 'local'): void {
  const text = value === undefined ? undefined : JSON.stringify(value)
  try {
    if (ownStorage && text === undefined) ownStorage[area].removeItem(prefix + name)
    else if (ownStorage) ownStorage[area].setItem(prefix + name, text!)
  } catch {
    // Full: this page still knows it.
  }
  if (ownStorage) return
  if (text === undefined) lent[area].delete(name)
  else lent[area].set(name, text)
  tell({ type: 'keep', area, name, text })
}

/** Removes everything; what the website has lent is emptied by its script when it hears `wiped`. */
export function wipe(): void {
  for (const area of ['local', 'session'] as const) {
    lent[area].clear()
    const place = ownStorage?.[area]
    for (const key of place ? Object.keys(place) : []) if (key.startsWith(prefix)) place!.removeItem(key)
  }
}

/** Calls back when another tab has changed what is kept under a name. */
export function whenKeptElsewhere(name: string, callback: () => void): void {
  addEventListener('storage', ({ key, storageArea }) => {
    const isOurs = storageArea === ownStorage?.local && (key === null || key === prefix + name)
    if (isOurs) callback()
  })
  whenKept((changed, text) => {
    if (text === undefined) lent.local.delete(changed)
    else lent.local.set(changed, text)
    if (changed === name) callback()
  })
}
