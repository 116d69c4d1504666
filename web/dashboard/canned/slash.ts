/** A `/` in a text with the letters of a short code after it, up to the caret. */
export interface Slash {
  /** Where the `/` is. */
  at: number
  query: string
}

// The longest short code, the slash and the character before it: a long text is not read at each key.
const longest = 52
const pattern = /(?:^|\s)\/([^\s/]{0,50})$/

/** Returns the slash that somebody is writing after; undefined if there is none, or if it is within a word or a path. */
export function slashAt(text: string, caret: number): Slash | undefined {
  const [, query] = pattern.exec(text.slice(Math.max(0, caret - longest), caret)) ?? []
  return query === undefined ? undefined : { at: caret - query.length - 1, query }
}
