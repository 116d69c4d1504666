import { signal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

/** What lies over the page. */
export const overlay = signal<'palette' | 'help' | undefined>(undefined)

interface Props {
  /** Which overlay it is. */
  name: NonNullable<typeof overlay.value>
  label: string
  children: ComponentChildren
}

/** A dialog over the page. It is closed by Escape and by a click beside it; then what had the focus has it again. */
export function Dialog({ name, label, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
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
        if (overlay.value === name) overlay.value = undefined
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
