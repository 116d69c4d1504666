/** What is in a field, and what is selected in it. */
export interface Selection {
  text: string
  from: number
  to: number
}

/** What is to be written over a part of the field, and what is selected then. */
export interface Replacement {
  from: number
  to: number
  text: string
  /** Where the selection begins and ends in the field. */
  select: readonly [number, number]
}

export type Format = 'bold' | 'italic' | 'code' | 'link' | 'list' | 'numbers' | 'quote'

/** Adds the signs of Markdown to what is selected, or takes them away. */
export function applyFormat(format: Format, selection: Selection): Replacement {
  switch (format) {
    case 'bold':
      return toggleAround(selection, '**')
    case 'italic':
      return toggleAround(selection, '_')
    case 'code':
      return chosen(selection).includes('\n') ? aroundLines(selection) : toggleAround(selection, '`')
    case 'link':
      return asLink(selection)
    case 'list':
      return toggleLines(selection, /^[-*] /, () => '- ')
    case 'numbers':
      return toggleLines(selection, /^\d{1,9}[.)] /, (index) => `${index + 1}. `)
    case 'quote':
      return toggleLines(selection, /^> /, () => '> ')
  }
}

function chosen({ text, from, to }: Selection): string {
  return text.slice(from, to)
}

/** A replacement of which a part is selected. */
function replaced(from: number, to: number, before: string, inner: string, after: string): Replacement {
  const start = from + before.length
  return { from, to, text: before + inner + after, select: [start, start + inner.length] }
}

function toggleAround(selection: Selection, signs: string): Replacement {
  const { text, from, to } = selection
  const inner = chosen(selection)
  const { length } = signs
  if (text.slice(from - length, from) === signs && text.slice(to, to + length) === signs)
    return replaced(from - length, to + length, '', inner, '')
  if (inner.length >= 2 * length && inner.startsWith(signs) && inner.endsWith(signs))
    return replaced(from, to, '', inner.slice(length, -length), '')
  // Signs next to a space are no signs: spaces stay outside.
  const before = inner.slice(0, inner.length - inner.trimStart().length)
  const rest = inner.slice(before.length)
  const after = rest.slice(rest.trimEnd().length)
  return replaced(from, to, before + signs, rest.trimEnd(), signs + after)
}

function aroundLines(selection: Selection): Replacement {
  const { text, from, to } = selection
  const before = from === 0 || text[from - 1] === '\n' ? '' : '\n'
  const after = to === text.length || text[to] === '\n' ? '' : '\n'
  return replaced(from, to, `${before}\`\`\`\n`, chosen(selection), `\n\`\`\`${after}`)
}

function asLink(selection: Selection): Replacement {
  const { from, to } = selection
  const inner = chosen(selection)
  if (/^https?:\/\/\S+$/.test(inner)) return replaced(from, to, '[', '', `](${inner})`)
  return replaced(from, to, `[${inner}](`, 'https://', ')')
}

/** Puts signs before each of the selected lines, or removes them if all lines have them. */
function toggleLines(
  { text, from, to }: Selection,
  sign: RegExp,
  signOf: (index: number) => string,
): Replacement {
  const start = text.lastIndexOf('\n', from - 1) + 1
  const next = text.indexOf('\n', to)
  const end = next === -1 ? text.length : next
  const lines = text.slice(start, end).split('\n')
  const isOn = lines.every((line) => sign.test(line))
  const written = lines.map((line, index) =>
    isOn ? line.replace(sign, '') : signOf(index) + line.replace(sign, ''),
  )
  const inner = written.join('\n')
  // One line: the caret goes on at its end.
  const select = lines.length === 1 ? start + inner.length : start
  return { from: start, to: end, text: inner, select: [select, start + inner.length] }
}
