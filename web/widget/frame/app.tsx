import { useLayoutEffect, useRef } from 'preact/hooks'
import { showPanel } from './data/call-handlers.ts'
import { appearance, isOpen, isPhone } from './data/page-state.ts'
import { unread } from './data/thread.ts'
import { tell } from './data/website.ts'
import { Icon } from './icons.tsx'
import { Panel } from './parts/panel.tsx'
import { strings } from './strings.ts'

/** The button in the corner of the website, and the panel above it when it is open. */
export function App() {
  const button = useRef<HTMLButtonElement>(null)
  const wasOpen = useRef(isOpen.value)
  const open = isOpen.value
  const count = unread.value
  const t = strings.value
  const { position, label } = appearance.value
  const text = !open && label
  useLayoutEffect(() => {
    // For keyboard users: the focus goes back to the button.
    if (wasOpen.current && !open && document.hasFocus()) button.current?.focus()
    wasOpen.current = open
    const width = button.current?.offsetWidth
    tell({ type: 'shape', shape: open ? 'panel' : 'button', position, label: t.chat, width })
  })
  const name = open ? t.close : count > 0 ? t.openUnread(count) : t.open
  return (
    <>
      {open && <Panel />}
      {!(open && isPhone.value) && (
        <button
          ref={button}
          type="button"
          class="launcher"
          aria-expanded={open}
          aria-label={text ? `${text} (${name})` : name}
          onClick={() => showPanel(!open)}
        >
          <Icon name={open ? 'down' : 'chat'} />
          {text && <b>{text}</b>}
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
