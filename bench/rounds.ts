import type { Outcome } from './load.ts'
import { processorTime } from './servers.ts'
import { median } from './statistics.ts'

/** Something to compare with others. */
export interface Candidate {
  name: string
  run(seconds: number): Promise<Outcome>
  /** The process that does the work. */
  pid: number
}

/** The result of a candidate: medians of all rounds. */
export interface Measurement {
  name: string
  perSecond: number
  /** `perSecond` relative to the first candidate in the same round. */
  ratio: number
  /** Milliseconds. */
  p99: number
  /** Processor time of the process per request, in microseconds. */
  cost: number
  /** Bytes of the response body. */
  bytes: number
}

/**
 * Warms up all candidates, and then runs them alternately. So other work of the machine affects all of them, and the
 * median of the ratios ignores rounds in which it affected only some.
 */
export async function compare(
  candidates: Candidate[],
  { rounds, seconds, warmUp = 1.5 }: { rounds: number; seconds: number; warmUp?: number },
): Promise<Measurement[]> {
  for (const { run } of candidates) await run(warmUp)
  const results = candidates.map(() => [] as (Outcome & { ratio: number; cost: number })[])
  for (let round = 0; round < rounds; round++) {
    let first: number | undefined
    for (const [index, { run, pid }] of candidates.entries()) {
      const before = processorTime(pid)
      const outcome = await run(seconds)
      const cost = ((processorTime(pid) - before) / outcome.requests) * 1e6
      first ??= outcome.perSecond
      results[index]!.push({ ...outcome, ratio: outcome.perSecond / first, cost })
    }
  }
  return candidates.map(({ name }, index) => {
    const of = (field: 'perSecond' | 'ratio' | 'p99' | 'cost' | 'bytes') =>
      median(results[index]!.map((result) => result[field]))
    return {
      name,
      perSecond: of('perSecond'),
      ratio: of('ratio'),
      p99: of('p99'),
      cost: of('cost'),
      bytes: of('bytes'),
    }
  })
}
