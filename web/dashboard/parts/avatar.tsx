const hues = 12

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

function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean)
  const picked = words.length > 1 ? [words[0]!, words.at(-1)!] : words
  return picked.map((word) => [...word][0]!.toUpperCase()).join('') || '?'
}

function hueOf(name: string): number {
  let sum = 0
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)!) % 9973
  return sum % hues
}
