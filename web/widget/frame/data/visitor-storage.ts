import type { Area } from '../../protocol.ts'
import { settings } from './settings.ts'
import { ownStorage } from './storage.ts'
import { page, tell, whenPageStorageChanged } from './website.ts'

/*
 * What the browser stores for the frame: in the frame's own storage, which the page around it cannot read. If the browser
 * refuses it (many do that block third-party cookies), the website's storage is used.
 */
const prefix = `ndoto.${settings.inbox}.`
const lent = {
  local: new Map(Object.entries(page.kept?.local ?? {})),
  session: new Map(Object.entries(page.kept?.session ?? {})),
}

/** Reads a stored value; undefined if there is none that can be parsed. */
export function read<T>(name: string, area: Area = 'local'): T | undefined {
  try {
    const text = ownStorage ? ownStorage[area].getItem(prefix + name) : lent[area].get(name)
    return text == null ? undefined : (JSON.parse(text) as T)
  } catch {
    return undefined
  }
}

/** Stores a value; undefined removes it. */
export function keep(name: string, value: unknown, area: Area = 'local'): void {
  const text = value === undefined ? undefined : JSON.stringify(value)
  try {
    if (ownStorage && text === undefined) ownStorage[area].removeItem(prefix + name)
    else if (ownStorage) ownStorage[area].setItem(prefix + name, text!)
  } catch {
    // The storage is full: only this page has the value.
  }
  if (ownStorage) return
  if (text === undefined) lent[area].delete(name)
  else lent[area].set(name, text)
  tell({ type: 'keep', area, name, text })
}

/** Removes everything. The script on the website empties its storage when it receives `wiped`. */
export function wipe(): void {
  for (const area of ['local', 'session'] as const) {
    lent[area].clear()
    const storage = ownStorage?.[area]
    for (const key of storage ? Object.keys(storage) : [])
      if (key.startsWith(prefix)) storage!.removeItem(key)
  }
}

/** Calls back when another tab has changed a stored value. */
export function whenChangedElsewhere(name: string, callback: () => void): void {
  addEventListener('storage', ({ key, storageArea }) => {
    const isOurs = storageArea === ownStorage?.local && (key === null || key === prefix + name)
    if (isOurs) callback()
  })
  whenPageStorageChanged((changed, text) => {
    if (text === undefined) lent.local.delete(changed)
    else lent.local.set(changed, text)
    if (changed === name) callback()
  })
}
