/** A table that was read from a file. */
export interface Table {
  columns: readonly string[]
  /** The cells of each line below the first, and the number of the line in the file. */
  rows: readonly { line: number; cells: readonly string[] }[]
}

/** Reads the text of a CSV file. The separator is the one that the first line has most of. */
export function readTable(text: string): Table {
  const content = text.replace(/^\uFEFF/, '')
  const [header, ...rows] = linesOf(content, separatorOf(content))
  return { columns: (header?.cells ?? []).map((name) => name.trim()), rows }
}

/** Decodes a file: as UTF-8 or, if it is not that, as spreadsheets of western languages write it. */
export function decode(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

function separatorOf(text: string): string {
  const end = text.indexOf('\n')
  const first = end === -1 ? text : text.slice(0, end)
  const counts = [',', ';', '\t'].map((separator) => ({ separator, count: first.split(separator).length }))
  return counts.reduce((most, one) => (one.count > most.count ? one : most)).separator
}

function linesOf(text: string, separator: string): { line: number; cells: string[] }[] {
  const rows: { line: number; cells: string[] }[] = []
  let cells: string[] = []
  let cell = ''
  let isQuoted = false
  let line = 1
  let start = 1
  const endCell = () => {
    cells.push(cell)
    cell = ''
  }
  const endRow = () => {
    endCell()
    if (cells.some((one) => one.trim() !== '')) rows.push({ line: start, cells })
    cells = []
    start = line
  }
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!
    if (character === '\n') line += 1
    if (isQuoted) {
      if (character !== '"') cell += character
      else if (text[at + 1] === '"') {
        cell += '"'
        at += 1
      } else isQuoted = false
    } else if (character === '"' && cell === '') isQuoted = true
    else if (character === separator) endCell()
    else if (character === '\n') endRow()
    else if (character !== '\r') cell += character
  }
  if (cell !== '' || cells.length > 0) endRow()
  return rows
}
