import { signal, useSignal } from '@preact/signals'
import type { FunctionComponent } from 'preact'
import { useMemo, useRef } from 'preact/hooks'
import { type At, atIn } from './at.ts'
import type { AtState } from './at-state.ts'
import type { PopoverProps } from './popover.tsx'

const popover = signal<FunctionComponent<PopoverProps> | undefined>(undefined)

async function loadPopover(): Promise<void> {
  popover.value ??= (await import('./popover.tsx')).Popover
}

/** Opens the list of people when somebody writes `@` into a note. A hook. */
export function useAt(field: { current: HTMLTextAreaElement | null }, isNote: boolean) {
  const at = useSignal<At | undefined>(undefined)
  const active = useSignal<string | undefined>(undefined)
  const state = useMemo<AtState>(() => ({ at, active }), [])
  // Where the sign is whose list was closed: it stays closed.
  const closedAt = useRef<number | undefined>(undefined)
  const close = () => {
    closedAt.current = at.value?.at
    at.value = undefined
  }
  return {
    state,
    Popover: isNote && at.value && popover.value,
    close,
    /** Call it whenever the text or the caret may have changed. */
    follow() {
      const { value, selectionStart, selectionEnd } = field.current!
      const next = isNote && selectionStart === selectionEnd ? atIn(value, selectionStart) : undefined
      if (next?.at !== closedAt.current) closedAt.current = undefined
      const open = closedAt.current === undefined ? next : undefined
      if (open?.at === at.value?.at && open?.query === at.value?.query) return
      at.value = open
      if (open) loadPopover().catch(close)
    },
    leave() {
      at.value = undefined
    },
    /** Returns whether the list has handled the key. */
    handles(event: KeyboardEvent): boolean {
      const { key, shiftKey, altKey, ctrlKey, metaKey, isComposing } = event
      if (!at.value || isComposing || shiftKey || altKey || ctrlKey || metaKey) return false
      if (key === 'Escape') {
        // The keys of the page would leave the field.
        event.stopPropagation()
        close()
      } else if (!state.onKey?.(event)) return false
      event.preventDefault()
      return true
    },
  }
}
