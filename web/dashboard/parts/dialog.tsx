import { signal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

type Name = 'palette' | 'help'

/** What lies over the page; a number of its own each time that it is opened. */
export const overlay = signal<{ name: Name; opening: number } | undefined>(undefined)

let openings = 0

/** Lays something over the page. */
export function openOverlay(name: Name): void {
  openings += 1
  overlay.value = { name, opening: openings }
}

interface Props {
  /** Which overlay it is. */
  name: Name
  label: string
  children: ComponentChildren
}

/** A dialog over the page. It is closed by Escape and by a click beside it; then what had the focus has it again. */
export function Dialog({ name, label, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const own = useRef(overlay.value)
  useEffect(() => dialog.current!.showModal(), [])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape does the same
    <dialog
      ref={dialog}
      class={`overlay overlay-${name}`}
      aria-label={label}
      onClick={({ target, currentTarget }) => {
        if (target === currentTarget) closeOverlay()
      }}
      onClose={() => {
        // Told a moment later: it may be open again by then.
        if (overlay.value === own.current) overlay.value = undefined
      }}
    >
      {children}
    </dialog>
  )
}

/** Closes it at once: what had the focus before has it when this returns. */
export function closeOverlay(): void {
  document.querySelector<HTMLDialogElement>('dialog.overlay')?.close()
}
