/** A wording that gives away a literal translation, and what to write instead. */
interface Rule {
  pattern: RegExp
  instead: string
}

/**
 * Only wordings that are nearly always wrong: a rule with false alarms teaches people to work around it. docs/style.md
 * explains them.
 */
export const rules: readonly Rule[] = [
  {
    pattern: /\bwhere (?:there (?:is|are|was|were)|nothing|nobody|somebody|none|one is|that is|need be)\b/,
    instead: 'if',
  },
  {
    pattern:
      /\bwhere (?:it|they) (?:is|are|was|were) (?:not|missing|wrong|refused|empty|left out|given|set)\b/,
    instead: 'if',
  },
  { pattern: /\bgives (?:back|undefined|null|the|whether)\b|\bgiven back\b/, instead: 'returns' },
  { pattern: /\b(?:for|to|by|from|with) who\b/, instead: 'for a user who, for everybody who' },
  { pattern: /\b(?:nobody|somebody else)['’]s\b/, instead: 'a noun: of no user, of another user' },
  {
    pattern: /\bstands? (?:in(?! for\b)|before|beside|below|above|behind|there)\b/,
    instead: 'is in, is next to',
  },
  { pattern: /\b(?:is|are|was|were) told\b/, instead: 'is notified, gets' },
  { pattern: /\bhears? of\b/, instead: 'gets, is notified of' },
  { pattern: /\bbeside\b/, instead: 'next to, in addition to, while' },
  { pattern: /\banew\b/, instead: 'again' },
  { pattern: /\bof (?:ours|theirs)\b/, instead: 'our, their' },
  { pattern: /\b(?:is|are|was|were|be|does|do) no more\b(?! than)/, instead: 'no longer' },
  { pattern: /(?<!\bthere )\b(?:is|are) none\b/, instead: 'is not one' },
  { pattern: /\bmend(?:s|ed|ing)?\b/, instead: 'fix' },
  { pattern: /\bseldom\b/, instead: 'rarely' },
]

/** Each wording in `text` that a rule forbids, as a sentence with its line. Wrapped lines count as one. */
export function findings(text: string): string[] {
  const unwrapped = text.replace(/\n[ \t]*(?:\/\/|\*|#|>)?[ \t]*/g, (gap) => ' '.repeat(gap.length))
  return rules.flatMap(({ pattern, instead }) =>
    [...unwrapped.matchAll(new RegExp(pattern.source.replaceAll(' ', ' +'), 'gi'))].map(
      ({ index, 0: found }) => {
        const line = text.slice(0, index).split('\n').length
        return `line ${line}: write "${instead}" instead of "${found.replace(/ +/g, ' ')}"`
      },
    ),
  )
}
