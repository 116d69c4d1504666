/** What became of the rows of a table. */
interface TableCount {
  rows: number
  stored: number
  changed: number
  known: number
}

export type Outcome = 'stored' | 'changed' | 'known'

// Rows that are named for each remark.
const mostExamples = 5

/** Counts what an import from Chatwoot does, and what it leaves out or changes. */
export class Report {
  readonly #tables = new Map<string, TableCount>()
  readonly #remarks = new Map<string, { count: number; examples: string[] }>()
  readonly #leftOut = new Map<string, number>()

  /** Adds a table with this number of rows in Chatwoot. */
  table(name: string, rows: number): void {
    this.#tables.set(name, { rows, stored: 0, changed: 0, known: 0 })
  }

  /** Counts rows of a table that was added. */
  count(table: string, outcome: Outcome, rows = 1): void {
    this.#tables.get(table)![outcome] += rows
  }

  /** Counts a row to which something has happened that its owner must know. */
  remark(sentence: string, example?: string | number): void {
    const remark = this.#remarks.get(sentence) ?? { count: 0, examples: [] }
    this.#remarks.set(sentence, remark)
    remark.count += 1
    if (example !== undefined && remark.examples.length < mostExamples) remark.examples.push(String(example))
  }

  /** Says that a table is not imported. */
  leaveOut(table: string, rows: number): void {
    if (rows > 0) this.#leftOut.set(table, rows)
  }

  /** Rows of all tables that are here now. */
  get total(): number {
    return [...this.#tables.values()].reduce((sum, { stored }) => sum + stored, 0)
  }

  /** The report as a text. */
  text(isDryRun: boolean): string {
    const header = [
      'table',
      'in Chatwoot',
      isDryRun ? 'new' : 'stored',
      'changed',
      'there already',
      'left out',
    ]
    const counted = [...this.#tables].map(([name, { rows, stored, changed, known }]) => [
      name,
      ...[rows, stored, changed, known, Math.max(0, rows - stored - changed - known)].map(grouped),
    ])
    const remarks = [...this.#remarks].map(([sentence, { count, examples }]) => {
      const more = count > examples.length && examples.length > 0 ? ', ...' : ''
      return `${grouped(count)} × ${sentence}${examples.length > 0 ? `: ${examples.join(', ')}${more}` : ''}`
    })
    const leftOut = [...this.#leftOut].map(([table, rows]) => `${table}: ${grouped(rows)}`)
    return [
      ...aligned([header, ...counted]),
      ...section('What to know', remarks),
      ...section('Not imported', leftOut),
    ].join('\n')
  }
}

function section(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)]
}

function aligned(rows: string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  '),
  )
}

function grouped(count: number): string {
  return count.toLocaleString('en')
}
