import type { Outcome } from './load.ts'
import { processorTime } from './servers.ts'
import { median } from './statistics.ts'

/** Something that is run against others. */
export interface Contestant {
  name: string
  run(seconds: number): Promise<Outcome>
  /** The process that does the work. */
  pid: number
}

/** How it did: medians of all rounds. */
export interface Standing {
  name: string
  perSecond: number
  /** Of the first contestant's `perSecond` in the same round. */
  ratio: number
  /** Milliseconds. */
  p99: number
  /** Processor time of the process for a request, in microseconds. */
  cost: number
  /** Bytes of body in an answer. */
  bytes: number
}

/**
 * Lets all warm up, and runs them by turns: what else the machine does meanwhile strikes all of them, and the median
 * of the rounds' ratios forgets the rounds it struck unevenly.
 */
export async function compare(
  contestants: Contestant[],
  { rounds, seconds, warmUp = 1.5 }: { rounds: number; seconds: number; warmUp?: number },
): Promise<Standing[]> {
  for (const { run } of contestants) await run(warmUp)
  const results = contestants.map(() => [] as (Outcome & { ratio: number; cost: number })[])
  for (let round = 0; round < rounds; round++) {
    let first: number | undefined
    for (const [index, { run, pid }] of contestants.entries()) {
      const before = processorTime(pid)
      const outcome = await run(seconds)
      const cost = ((processorTime(pid) - before) / outcome.requests) * 1e6
      first ??= outcome.perSecond
      results[index]!.push({ ...outcome, ratio: outcome.perSecond / first, cost })
    }
  }
  return contestants.map(({ name }, index) => {
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
