import { signal } from '@preact/signals'
import { type ComponentChildren, options } from 'preact'
import { useRef } from 'preact/hooks'
import { Dialog } from '../../shared/dialog.tsx'

type Name =
  | 'notifications'
  | 'palette'
  | 'help'
  | 'snooze'
  | 'user-menu'
  | 'macro'
  | 'merge'
  | 'send-later'
  | 'picture'

/** The overlay that is open; each opening has a number of its own. */
export const overlay = signal<{ name: Name; opening: number } | undefined>(undefined)

let openings = 0

/** Opens an overlay. When this returns, it has the focus: the next key may already be for its field. */
export function openOverlay(name: Name): void {
  openings += 1
  const { debounceRendering } = options
  options.debounceRendering = (render) => render()
  overlay.value = { name, opening: openings }
  options.debounceRendering = debounceRendering
}

interface Props {
  name: Name
  label: string
  children: ComponentChildren
}

/** A dialog over the page that a key opens. */
export function Overlay({ name, label, children }: Props) {
  const own = useRef(overlay.value)
  const onClose = () => {
    // It may already be open again.
    if (overlay.value === own.current) overlay.value = undefined
  }
  return (
    <Dialog class={`overlay overlay-${name}`} label={label} isLight onClose={onClose}>
      {children}
    </Dialog>
  )
}

/** Closes the overlay at once: when this returns, the focus is back where it was. */
export function closeOverlay(): void {
  document.querySelector<HTMLDialogElement>('dialog.overlay')?.close()
}
