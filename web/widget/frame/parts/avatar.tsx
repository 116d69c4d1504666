import { hueOf, initialsOf } from '../../../shared/initials.ts'

/** A person's picture or initials; hidden from screen readers, since the name is next to it. */
export function Avatar({ name, avatar_url }: { name: string; avatar_url: string | null }) {
  return (
    <span class="avatar" style={{ '--hue': hueOf(name) * 30 }} title={name} aria-hidden="true">
      {initialsOf(name)}
      {avatar_url && <img src={avatar_url} alt="" onError={({ currentTarget }) => currentTarget.remove()} />}
    </span>
  )
}
