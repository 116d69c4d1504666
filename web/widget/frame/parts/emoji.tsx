import { useSignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { Icon } from '../icons.tsx'
import { strings } from '../strings.ts'
import { Lazy } from './lazy.tsx'

const loadPicker = () => import('../on-demand/emoji-picker.tsx').then(({ EmojiPicker }) => EmojiPicker)

/** A button that opens a few emoji. */
export function Emoji({ onChoose }: { onChoose(character: string): void }) {
  const t = strings.value
  const isOpen = useSignal(false)
  const button = useRef<HTMLButtonElement>(null)
  const props = {
    onChoose(character: string) {
      isOpen.value = false
      onChoose(character)
    },
    onClose(byKeyboard: boolean) {
      isOpen.value = false
      if (byKeyboard) button.current!.focus()
    },
  }
  return (
    <div class="emoji">
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
      {isOpen.value && <Lazy load={loadPicker} props={props} />}
    </div>
  )
}
