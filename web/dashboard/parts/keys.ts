import { useEffect } from 'preact/hooks'

/** Does what a key stands for, but not while somebody types, in a dialog, or with a modifier. */
export function useKeys(keys: Readonly<Record<string, () => void>>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping = (event.target as Element).closest('input, textarea, select') !== null
      if (isTyping || event.repeat || document.querySelector('dialog[open]')) return
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
      const act = keys[event.key.toLowerCase()]
      if (!act) return
      // Or the letter would be written into a field that gets the focus now.
      event.preventDefault()
      act()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  })
}
