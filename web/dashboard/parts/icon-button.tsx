import type { Signal } from '@preact/signals'
import { Icon, type IconName } from '../icons.tsx'

interface Props {
  icon: IconName
  /** What the button does, for screen readers and as a tooltip. */
  name: string
  /** The id of the element that it shows and hides, and whether that is shown. */
  controls?: string
  isExpanded?: Signal<boolean>
  isOn?: boolean
  onClick(): void
}

/** A button with only an icon. */
export function IconButton({ icon, name, controls, isExpanded, isOn, onClick }: Props) {
  return (
    <button
      type="button"
      class="button-icon"
      aria-label={name}
      title={name}
      aria-expanded={isExpanded}
      aria-controls={controls}
      data-on={isOn || undefined}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  )
}
