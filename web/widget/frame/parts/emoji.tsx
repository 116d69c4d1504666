import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { Icon } from '../icons.tsx'
import { strings } from '../strings.ts'

const all = [...'😀😂😊🙂😉😍😘😎🤔😐😴😢😭😡😱🤗🙈👍👎👌🙏👏💪👋🤝🎉🔥⭐💡💯💔✅❌❓⏰📷📦🚚🛒💳']

/** A button that opens a few emoji; the keyboard of the system has all of them. */
export function Emoji({ onChoose }: { onChoose(character: string): void }) {
  const t = strings.value
  const isOpen = useSignal(false)
  const container = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    const element = container.current!
    if (!isOpen.value) return
    element.querySelector<HTMLElement>('fieldset button')!.focus()
    const close = ({ target }: Event) => {
      if (!element.contains(target as Node)) isOpen.value = false
    }
    const leave = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || !isOpen.peek()) return
      // Otherwise it would close the panel.
      event.stopPropagation()
      isOpen.value = false
      button.current!.focus()
    }
    addEventListener('pointerdown', close)
    element.addEventListener('keydown', leave)
    return () => {
      removeEventListener('pointerdown', close)
      element.removeEventListener('keydown', leave)
    }
  }, [isOpen.value])
  return (
    <div ref={container} class="emoji">
      <button
        ref={button}
        type="button"
        class="tool"
        aria-label={t.emoji}
        title={t.emoji}
        aria-expanded={isOpen.value}
        onClick={() => (isOpen.value = !isOpen.value)}
      >
        <Icon name="smile" />
      </button>
      {isOpen.value && (
        <fieldset class="choice" aria-label={t.emoji}>
          {all.map((character) => (
            <button
              key={character}
              type="button"
              onClick={() => {
                isOpen.value = false
                onChoose(character)
              }}
            >
              {character}
            </button>
          ))}
        </fieldset>
      )}
    </div>
  )
}
