import { labels } from '../data/directory.ts'
import { Icon } from '../icons.tsx'
import { strings } from '../strings.ts'

/** A label with its colour, and a button to remove it if there is `onRemove`. */
export function LabelChip({ title, onRemove }: { title: string; onRemove?: () => void }) {
  const color = labels.value.find((label) => label.title === title)?.color
  return (
    <span class="chip">
      <span class="chip-dot" style={color ? { background: color } : undefined} />
      <span class="chip-title" title={title}>
        {title}
      </span>
      {onRemove && (
        <button
          type="button"
          class="chip-remove"
          aria-label={strings.details.removeLabel(title)}
          onClick={onRemove}
        >
          <Icon name="close" />
        </button>
      )}
    </span>
  )
}
