import { hueOf, initialsOf } from '../../shared/initials.ts'

/** The initials of a name on a colour of its own; hidden from screen readers, since the name is next to it. */
export function Avatar({
  name,
  isOnline,
  size = 'm',
}: {
  name: string
  isOnline?: boolean
  size?: 's' | 'm' | 'l'
}) {
  return (
    <span class={`avatar avatar-${size}`} data-hue={hueOf(name)} aria-hidden="true">
      {initialsOf(name)}
      {isOnline && <span class="avatar-online" />}
    </span>
  )
}
