import { useSignal } from '@preact/signals'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { needMacros } from '../data/macros.ts'
import { Icon } from '../icons.tsx'
import { keys, keyText } from '../parts/keys.ts'
import { closeOverlay, Overlay } from '../parts/overlay.tsx'
import { strings } from '../strings.ts'
import { type Action, actionsFor } from './actions.ts'
import { useCompanies, useContacts } from './people.ts'

const t = strings.palette
const page = 8

/** The command palette. */
export function Palette() {
  const typed = useSignal('')
  const chosen = useSignal(0)
  useEffect(needMacros, [])
  const list = useRef<HTMLDivElement>(null)
  const actions = actionsFor(typed.value, useContacts(typed), useCompanies(typed))
  const at = Math.min(chosen.value, actions.length - 1)
  useLayoutEffect(() => {
    list.current!.children[at]?.scrollIntoView({ block: 'nearest' })
  }, [at, typed.value])
  const perform = (action: Action | undefined) => {
    if (!action) return
    // Close first: the action may move the focus.
    closeOverlay()
    action.act()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const last = actions.length - 1
    const { key } = event
    if (event.isComposing) return
    if (key === 'ArrowDown') chosen.value = at === last ? 0 : at + 1
    else if (key === 'ArrowUp') chosen.value = at === 0 ? last : at - 1
    else if (key === 'PageDown') chosen.value = Math.min(last, at + page)
    else if (key === 'PageUp') chosen.value = Math.max(0, at - page)
    else if (key === 'Enter') perform(actions[at])
    else if (key.toLowerCase() === keys.palette.key && (event.ctrlKey || event.metaKey)) closeOverlay()
    else return
    event.preventDefault()
  }
  return (
    <Overlay name="palette" label={t.title}>
      <div class="palette-field">
        <Icon name="search" />
        <input
          type="text"
          role="combobox"
          aria-label={t.title}
          aria-expanded="true"
          aria-controls="palette-list"
          aria-autocomplete="list"
          aria-activedescendant={at >= 0 ? `palette-${at}` : undefined}
          placeholder={t.placeholder}
          autocomplete="off"
          spellcheck={false}
          maxLength={255}
          value={typed}
          ref={(field) => field?.focus()}
          onInput={({ currentTarget }) => {
            typed.value = currentTarget.value
            chosen.value = 0
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div id="palette-list" role="listbox" aria-label={t.title} ref={list}>
        {actions.map((action, index) => (
          <Option
            key={`${index} ${action.text}`}
            action={action}
            index={index}
            isChosen={index === at}
            onPerform={() => perform(action)}
          />
        ))}
      </div>
      <p class="unseen" role="status">
        {t.count(actions.length)}
      </p>
    </Overlay>
  )
}

interface OptionProps {
  action: Action
  index: number
  isChosen: boolean
  onPerform(): void
}

function Option({ action: { text, icon, key }, index, isChosen, onPerform }: OptionProps) {
  return (
    // The field above has the focus and handles the keys.
    // biome-ignore lint/a11y/useKeyWithClickEvents: as said
    // biome-ignore lint/a11y/useFocusableInteractive: as said
    <div id={`palette-${index}`} role="option" aria-selected={isChosen} onClick={onPerform}>
      <Icon name={icon} />
      <span>
        <bdi>{text}</bdi>
      </span>
      {key && <kbd>{keyText(key)}</kbd>}
    </div>
  )
}
