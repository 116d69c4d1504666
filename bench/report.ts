import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import { directoryKind } from './directory.ts'

/** A figure of docs/performance.md, with its goal. */
export interface Claim {
  work: string
  measured: string
  goal: string
  met: boolean
}

/** The results of a benchmark: a table (its first row has the names of the columns) and the claims. */
export interface Report {
  title: string
  table: string[][]
  claims: Claim[]
}

/** Runs a benchmark and prints its report. Sets exit code 1 if a goal is missed. */
export async function runBenchmark(measure: () => Promise<Report>): Promise<void> {
  print(await measure())
}

/** Prints a report. The last line says whether the goals are met. */
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
      `Load average before: ${loadBefore!.toFixed(1)}`,
      '',
      ...columns(table),
      '',
      ...lines,
      verdict,
    ].join('\n'),
  )
}

/** Writes a line to the terminal. */
export function write(line: string): void {
  process.stdout.write(`${line}\n`)
}

// Before the benchmarks add to it.
const [loadBefore] = loadavg()

/** Describes the machine that runs the benchmarks. */
export function machine(): string {
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`
  const cores = `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'})`
  return `${cores}, ${memory} memory, files on ${directoryKind()}, Node ${process.versions.node}, ${process.platform}`
}

/** Formats a number as an integer with commas. */
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
