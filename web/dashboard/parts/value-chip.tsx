import './value-chip.css'
import { Icon } from '../icons.tsx'

interface Props {
  text: string
  /** The name of the button that removes it. */
  remove: string
  onRemove(): void
}

/** A chosen value of a condition, which can be removed. Its box has the control that gets the focus then. */
export function ValueChip({ text, remove, onRemove }: Props) {
  return (
    <span class="chip">
      <span class="chip-title" dir="auto" title={text}>
        {text}
      </span>
      <button
        type="button"
        class="chip-remove"
        aria-label={remove}
        onClick={({ currentTarget }) => {
          const box = currentTarget.closest('.condition-choices')!
          onRemove()
          // The control may not be there before the chip is gone.
          setTimeout(() => box.querySelector<HTMLElement>('select, input')?.focus())
        }}
      >
        <Icon name="close" />
      </button>
    </span>
  )
}
