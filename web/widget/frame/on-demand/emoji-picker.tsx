import { useEffect, useRef } from 'preact/hooks'
import { strings } from '../strings.ts'

const all = [...'😀😂😊🙂😉😍😘😎🤔😐😴😢😭😡😱🤗🙈👍👎👌🙏👏💪👋🤝🎉🔥⭐💡💯💔✅❌❓⏰📷📦🚚🛒💳']

interface Props {
  onChoose(character: string): void
  /** Called with true if the keyboard has closed it. */
  onClose(byKeyboard: boolean): void
}

/** A few emoji; the keyboard of the system has all of them. Closes on Escape and on a click next to it. */
export function EmojiPicker({ onChoose, onClose }: Props) {
  const choice = useRef<HTMLFieldSetElement>(null)
  useEffect(() => {
    // With the button that opens it, whose click closes it.
    const container = choice.current!.parentElement!
    choice.current!.querySelector('button')!.focus()
    const close = ({ target }: Event) => {
      if (!container.contains(target as Node)) onClose(false)
    }
    const leave = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      // Otherwise it would close the panel.
      event.stopPropagation()
      // The next Escape closes the panel, even if it comes before this is gone.
      container.removeEventListener('keydown', leave)
      onClose(true)
    }
    addEventListener('pointerdown', close)
    container.addEventListener('keydown', leave)
    return () => {
      removeEventListener('pointerdown', close)
      container.removeEventListener('keydown', leave)
    }
  }, [])
  return (
    <fieldset ref={choice} class="choice" aria-label={strings.value.emoji}>
      {all.map((character) => (
        <button key={character} type="button" onClick={() => onChoose(character)}>
          {character}
        </button>
      ))}
    </fieldset>
  )
}
