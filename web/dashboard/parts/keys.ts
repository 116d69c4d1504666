import { useLayoutEffect } from 'preact/hooks'

interface Key {
  key: string
  /** With Ctrl, on a Mac with Cmd; such keys work while somebody types, too. */
  hasModifier?: true
}

/** All keyboard shortcuts; `strings.keys` describes them. */
export const keys = {
  reply: { key: 'r' },
  note: { key: 'n' },
  resolve: { key: 'e' },
  open: { key: 'o' },
  pending: { key: 'p' },
  snooze: { key: 's' },
  next: { key: 'j' },
  previous: { key: 'k' },
  select: { key: 'c' },
  search: { key: '/' },
  notifications: { key: 'u' },
  mute: { key: 'm' },
  macro: { key: 'a' },
  merge: { key: 'g' },
  quote: { key: 'q' },
  undo: { key: 'z' },
  approve: { key: 'y' },
  edit: { key: 'i' },
  refuse: { key: 'x' },
  busy: { key: 'b' },
  palette: { key: 'k', hasModifier: true },
  help: { key: '?' },
} as const satisfies Record<string, Key>

export type KeyName = keyof typeof keys
export const keyNames = Object.keys(keys) as KeyName[]

const acts = new Map<KeyName, () => void>()

/** Sets what keys do while the component is mounted. A hook. */
export function useKeys(own: Partial<Record<KeyName, () => void>>): void {
  useLayoutEffect(() => {
    const all = Object.entries(own) as [KeyName, () => void][]
    for (const [name, act] of all) acts.set(name, act)
    return () => {
      for (const [name, act] of all) if (acts.get(name) === act) acts.delete(name)
    }
  })
}

/** Whether a key does something now. */
export function doesSomething(name: KeyName): boolean {
  return acts.has(name)
}

/** Runs the action of a key. */
export function press(name: KeyName): void {
  acts.get(name)?.()
}

export const isMac = /^Mac|^iP/.test(navigator.platform)

/** Formats a key. */
export function keyText(name: KeyName): string {
  const { key, hasModifier }: Key = keys[name]
  return `${hasModifier ? (isMac ? '⌘' : 'Ctrl+') : ''}${key.toUpperCase()}`
}

/** Listens to the keyboard, except while somebody types or a dialog is open. */
export function followKeys(): () => void {
  const onKey = (event: KeyboardEvent) => {
    const name = keyNames.find((one) => isKey(event, keys[one]))
    const { hasModifier }: Key = name ? keys[name] : { key: '' }
    const field = (event.target as Element).closest<HTMLElement>('input, textarea, select')
    if (event.repeat || event.isComposing || document.querySelector('dialog[open]')) return
    // So that the other keys work again.
    if (event.key === 'Escape') field?.blur()
    if (!name || (field && !hasModifier)) return
    if (!doesSomething(name)) return
    // Otherwise the letter would be typed into a field that gets the focus.
    event.preventDefault()
    press(name)
  }
  document.addEventListener('keydown', onKey)
  return () => document.removeEventListener('keydown', onKey)
}

function isKey(event: KeyboardEvent, { key, hasModifier }: Key): boolean {
  if (event.altKey || (event.ctrlKey || event.metaKey) !== Boolean(hasModifier)) return false
  const isLetter = /[a-z]/.test(key)
  // A keyboard of another script has other letters on the same keys.
  const isForeign = isLetter && !/^[ -~]$/.test(event.key)
  const pressed = isForeign ? event.code.replace('Key', '') : event.key
  return pressed.toLowerCase() === key && !(isLetter && event.shiftKey)
}
