/** Longer texts are cut until somebody asks for the rest: a browser takes seconds to lay out ten of the longest. */
export const longestText = 5000

/** The beginning of a text, as far as it is shown at first. */
export function beginningOf(text: string): string {
  return text.length > longestText ? text.slice(0, longestText).replace(/[\ud800-\udbff]$/, '') : text
}

/**
 * A text without what nobody can read: more than 20 marks on one letter. A browser takes quadratic time to draw them;
 * 150,000 freeze the page. No script needs more than a few.
 */
export function withoutExcessMarks(text: string): string {
  return text.replace(/(\p{M}{20})\p{M}+/gu, '$1')
}
