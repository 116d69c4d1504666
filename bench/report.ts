import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import { directoryKind } from './directory.ts'

/** A figure that docs/performance.md states, what was measured, and whether it is good enough. */
export interface Claim {
  work: string
  measured: string
  goal: string
  met: boolean
}

/** What a script has found: the table of everything it measured (its first row names the columns), and the claims. */
export interface Report {
  title: string
  table: string[][]
  claims: Claim[]
}

/** Measures, prints, and makes the process exit with 1 when a goal is missed. */
export async function show(measure: () => Promise<Report>): Promise<void> {
  print(await measure())
}

/** Prints a report; the last line says whether its goals are met. */
export function print({ title, table, claims }: Report): void {
  const missed = claims.filter(({ met }) => !met)
  const lines = claims.map(({ work, measured, goal }) => `${work}: ${measured}; the goal is ${goal}.`)
  const verdict =
    missed.length === 0 ? 'All goals are met.' : `Missed: ${missed.map(({ work }) => work).join('; ')}.`
  if (missed.length > 0) process.exitCode = 1
  write(
    [
      '',
      title,
      machine(),
      `Load average before: ${otherWork!.toFixed(1)}`,
      '',
      ...columns(table),
      '',
      ...lines,
      verdict,
    ].join('\n'),
  )
}

/** One line to the terminal. */
export function write(line: string): void {
  process.stdout.write(`${line}\n`)
}

// Before we add to it.
const [otherWork] = loadavg()

/** What it was measured on. */
export function machine(): string {
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`
  const cores = `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'})`
  return `${cores}, ${memory} memory, files on ${directoryKind()}, Node ${process.versions.node}, ${process.platform}`
}

/** A whole number with commas. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

function columns(table: string[][]): string[] {
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)))
  return table.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
      .join('   '),
  )
}
