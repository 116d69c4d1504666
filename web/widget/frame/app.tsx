import { useLayoutEffect, useRef } from 'preact/hooks'
import { showPanel } from './data/call-handlers.ts'
import { isOpen, isPhone } from './data/page-state.ts'
import { unread } from './data/thread.ts'
import { Icon } from './icons.tsx'
import { Panel } from './parts/panel.tsx'
import { strings } from './strings.ts'

/** The button in the corner of the website, and the panel above it when it is open. */
export function App() {
  const button = useRef<HTMLButtonElement>(null)
  const wasOpen = useRef(isOpen.value)
  const open = isOpen.value
  useLayoutEffect(() => {
    // For keyboard users: the focus goes back to the button.
    if (wasOpen.current && !open && document.hasFocus()) button.current?.focus()
    wasOpen.current = open
  }, [open])
  const count = unread.value
  const t = strings.value
  return (
    <>
      {open && <Panel />}
      {!(open && isPhone.value) && (
        <button
          ref={button}
          type="button"
          class="launcher"
          aria-expanded={open}
          aria-label={open ? t.close : count > 0 ? t.openUnread(count) : t.open}
          onClick={() => showPanel(!open)}
        >
          <Icon name={open ? 'down' : 'chat'} />
          {!open && count > 0 && (
            <span class="badge" aria-hidden="true">
              {count > 99 ? '99+' : count}
            </span>
          )}
        </button>
      )}
    </>
  )
}
