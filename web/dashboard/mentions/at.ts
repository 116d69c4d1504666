/** An `@` in a text with the letters of a name after it, up to the caret. */
export interface At {
  /** Where the `@` is. */
  at: number
  query: string
}

// A long text is not read at each key.
const longest = 42
const pattern = /(?:^|[\s(])@((?:[^\s@[\]()]{1,20}(?: [^\s@[\]()]{1,18})?)?)$/

/** Returns the `@` that somebody is writing a name after; undefined if there is none, or if it is within a word. */
export function atIn(text: string, caret: number): At | undefined {
  const [, query] = pattern.exec(text.slice(Math.max(0, caret - longest), caret)) ?? []
  return query === undefined ? undefined : { at: caret - query.length - 1, query }
}

/** Somebody who can be mentioned. */
export interface Mentionable {
  kind: 'user' | 'team'
  id: number
  name: string
}

/** A mention as Markdown. The brackets of a name would end the link. */
export function mentionText({ kind, id, name }: Mentionable): string {
  const label = name.replace(/[[\]\n]/g, ' ').trim()
  const encoded = encodeURIComponent(label).replace(/[()]/g, '')
  return `[@${label}](mention://${kind}/${id}/${encoded.slice(0, 200)}) `
}

/** Returns those whose name, or a word of it, begins with what was typed, without case and accents. */
export function matching(all: readonly Mentionable[], query: string): Mentionable[] {
  const wanted = folded(query)
  return all.filter(({ name }) => {
    const words = folded(name)
    return words.startsWith(wanted) || words.includes(` ${wanted}`)
  })
}

function folded(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
}
