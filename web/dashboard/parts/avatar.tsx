import { hueOf, initialsOf } from '../../shared/initials.ts'
import type { Availability } from '../data/api-types.ts'

interface Props {
  name: string
  /** The person keeps their colour under another name, and two people with the same name have different ones. */
  id?: number | undefined
  /** In place of those of the name. */
  initials?: string | undefined
  /** The status of an agent, as a dot. */
  status?: Availability
  size?: 's' | 'm' | 'l'
}

/** The initials of a name on a colour of its own; hidden from screen readers, since the name is next to it. */
export function Avatar({ name, id, initials, status, size = 'm' }: Props) {
  return (
    <span
      class={`avatar avatar-${size}`}
      data-hue={hueOf(id === undefined ? name : String(id))}
      aria-hidden="true"
    >
      {initials ?? initialsOf(name)}
      {status && status !== 'offline' && <span class="avatar-status" data-status={status} />}
    </span>
  )
}
