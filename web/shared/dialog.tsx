import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

interface DialogProps {
  class: string
  label?: string
  /** The ids of its title and text, instead of a label. */
  labelledBy?: string
  describedBy?: string
  /** Whether a click outside closes it, too. */
  isLight?: boolean
  /** Whether only the page can close it. */
  isRequired?: boolean
  /** Called a moment after Escape, a click outside or `close()` has closed it: another one may be open by then. */
  onClose?(): void
  children: ComponentChildren
}

/** A modal dialog over the page. When it closes, the element that had the focus before gets it back. */
export function Dialog(props: DialogProps) {
  const { class: className, label, labelledBy, describedBy, isLight, isRequired, onClose, children } = props
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const { current } = dialog
    const focused = document.activeElement
    current!.showModal()
    return () => {
      if (!current!.open) return
      current!.close()
      if (focused instanceof HTMLElement) focused.focus()
    }
  }, [])
  return (
    <dialog
      ref={dialog}
      class={className}
      aria-label={label}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      onClick={({ target, currentTarget }) => {
        if (isLight && target === currentTarget) currentTarget.close()
      }}
      onKeyDown={(event) => {
        if (isRequired && event.key === 'Escape') event.preventDefault()
      }}
      onClose={({ currentTarget }) => {
        // The gesture "Back" of a phone cannot be prevented.
        if (isRequired && currentTarget.isConnected) currentTarget.showModal()
        onClose?.()
      }}
    >
      {children}
    </dialog>
  )
}
