import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { IconButton } from '../parts/icon-button.tsx'
import { late } from '../parts/late.tsx'
import type { EmojiPickerProps } from './emoji-picker.tsx'
import { formatStrings as t } from './format-strings.ts'

const EmojiPicker = late(
  () => import('./emoji-picker.tsx').then((part) => part.EmojiPicker),
  (_props: EmojiPickerProps) => null,
)

/** A button that opens the emoji. */
export function EmojiButton({ onChoose }: EmojiPickerProps) {
  const isOpen = useSignal(false)
  const place = useRef<HTMLSpanElement>(null)
  useEffect(() => {
    const closeOutside = ({ target }: Event) => {
      if (!place.current!.contains(target as Node)) isOpen.value = false
    }
    addEventListener('pointerdown', closeOutside)
    return () => removeEventListener('pointerdown', closeOutside)
  }, [])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes what the button has opened
    <span
      class="emoji"
      ref={place}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !isOpen.value) return
        event.stopPropagation()
        isOpen.value = false
        place.current!.querySelector('button')!.focus()
      }}
    >
      <IconButton
        icon="smile"
        name={t.emoji}
        isExpanded={isOpen}
        onClick={() => (isOpen.value = !isOpen.value)}
      />
      {isOpen.value && (
        <EmojiPicker
          onChoose={(character) => {
            isOpen.value = false
            onChoose(character)
          }}
        />
      )}
    </span>
  )
}
