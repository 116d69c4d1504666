import { hueOf, initialsOf } from '../../shared/initials.ts'

/** The first letters of a name on a colour that belongs to it; silent for screen readers, since the name is beside it. */
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
