import { signal, useSignal } from '@preact/signals'
import type { FunctionComponent } from 'preact'
import { useMemo, useRef } from 'preact/hooks'
import type { PopoverProps } from './popover.tsx'
import { type Slash, slashAt } from './slash.ts'
import { type SlashState, writeInto } from './slash-state.ts'

const popover = signal<FunctionComponent<PopoverProps> | undefined>(undefined)

async function loadPopover(): Promise<boolean> {
  try {
    popover.value ??= (await import('./popover.tsx')).Popover
    return true
  } catch {
    return false
  }
}

/** Opens the list of canned responses when somebody writes `/` into a text area. A hook. */
export function useSlash(field: { current: HTMLTextAreaElement | null }) {
  const slash = useSignal<Slash | undefined>(undefined)
  const active = useSignal<string | undefined>(undefined)
  const isEnterEarly = useSignal(false)
  const state = useMemo<SlashState>(() => ({ slash, active, isEnterEarly }), [])
  // Where the slash is whose list was closed: it stays closed.
  const closedAt = useRef<number | undefined>(undefined)
  const found = () => {
    const { value, selectionStart, selectionEnd } = field.current!
    return selectionStart === selectionEnd ? slashAt(value, selectionStart) : undefined
  }
  const close = () => {
    closedAt.current = found()?.at
    slash.value = undefined
  }
  return {
    state,
    Popover: slash.value && popover.value,
    close,
    /** Call it whenever the text or the caret may have changed. */
    follow() {
      const next = found()
      if (next?.at !== closedAt.current) closedAt.current = undefined
      const open = closedAt.current === undefined ? next : undefined
      if (open?.at === slash.value?.at && open?.query === slash.value?.query) return
      isEnterEarly.value = false
      slash.value = open
      if (open && !popover.value) void loadPopover().then((isLoaded) => isLoaded || close())
    },
    leave() {
      slash.value = undefined
    },
    /** Returns whether the list has handled the key. */
    handles(event: KeyboardEvent): boolean {
      if (!slash.value || event.isComposing) return false
      const { key, shiftKey, altKey, ctrlKey, metaKey } = event
      if (shiftKey || altKey || ctrlKey || metaKey) return false
      // The keys of the page would leave the field.
      if (key === 'Escape') event.stopPropagation()
      if (key === 'Escape') close()
      // Otherwise a customer would get "/refund" from somebody who types faster than the list is loaded.
      else if (key === 'Enter' && !state.onKey) isEnterEarly.value = true
      else if (!state.onKey?.(event)) return false
      event.preventDefault()
      return true
    },
    /** Writes a slash, as the keyboard would. */
    open() {
      const { current } = field
      current!.focus()
      closedAt.current = undefined
      const before = current!.value.slice(0, current!.selectionStart)
      writeInto(current!, /(?:^|\s)$/.test(before) ? '/' : ' /')
    },
  }
}
