import { useLayoutEffect } from 'preact/hooks'

interface Key {
  key: string
  /** With Ctrl, on a Mac with Cmd: then also while somebody types. */
  hasModifier?: true
}

/** Every key that does something in the whole page; `strings.keys` says what. */
export const keys = {
  reply: { key: 'r' },
  note: { key: 'n' },
  resolve: { key: 'e' },
  next: { key: 'j' },
  previous: { key: 'k' },
  search: { key: '/' },
  palette: { key: 'k', hasModifier: true },
  help: { key: '?' },
} as const satisfies Record<string, Key>

export type KeyName = keyof typeof keys
export const keyNames = Object.keys(keys) as KeyName[]

const acts = new Map<KeyName, () => void>()

/** Says what keys do as long as the component is there. */
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

/** Does what a key stands for. */
export function press(name: KeyName): void {
  acts.get(name)?.()
}

const isMac = /^Mac|^iP/.test(navigator.platform)

/** A key as it is shown. */
export function keyText(name: KeyName): string {
  const { key, hasModifier }: Key = keys[name]
  return `${hasModifier ? (isMac ? '⌘' : 'Ctrl+') : ''}${key.toUpperCase()}`
}

/** Listens to the keyboard: but not while somebody types or is in a dialog. */
export function followKeys(): () => void {
  const onKey = (event: KeyboardEvent) => {
    const name = keyNames.find((one) => isKey(event, keys[one]))
    const { hasModifier }: Key = name ? keys[name] : { key: '' }
    const field = (event.target as Element).closest<HTMLElement>('input, textarea, select')
    if (event.repeat || event.isComposing || document.querySelector('dialog[open]')) return
    // Then the other keys are there again.
    if (event.key === 'Escape') field?.blur()
    if (!name || (field && !hasModifier)) return
    if (!doesSomething(name)) return
    // Or the letter would be written into a field that gets the focus now.
    event.preventDefault()
    press(name)
  }
  document.addEventListener('keydown', onKey)
  return () => document.removeEventListener('keydown', onKey)
}

function isKey(event: KeyboardEvent, { key, hasModifier }: Key): boolean {
  if (event.altKey || (event.ctrlKey || event.metaKey) !== Boolean(hasModifier)) return false
  const isLetter = /[a-z]/.test(key)
  // A keyboard of another script has its own letters in the places of ours.
  const isForeign = isLetter && !/^[ -~]$/.test(event.key)
  const pressed = isForeign ? event.code.replace('Key', '') : event.key
  return pressed.toLowerCase() === key && !(isLetter && event.shiftKey)
}
