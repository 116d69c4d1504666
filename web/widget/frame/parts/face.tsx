import { hueOf, initialsOf } from '../../../shared/initials.ts'

/** A person's picture, or the first letters of their name; silent for screen readers, since the name is beside it. */
export function Face({ name, avatar_url }: { name: string; avatar_url: string | null }) {
  return (
    <span class="face" style={{ '--hue': hueOf(name) * 30 }} title={name} aria-hidden="true">
      {initialsOf(name)}
      {avatar_url && <img src={avatar_url} alt="" onError={({ currentTarget }) => currentTarget.remove()} />}
    </span>
  )
}
