import { fork } from 'node:child_process'
import { ended, type Load, type Outcome, reply } from './load.ts'

/** A loop of single-row inserts in a process of its own, on a table like that in the database of `directory`. */
export function openInserts(directory: string): Load & { pid: number } {
  const child = fork(new URL('inserts-process.ts', import.meta.url), [directory])
  return {
    pid: child.pid!,
    async run(seconds) {
      child.send(seconds)
      return (await reply(child)) as Outcome
    },
    [Symbol.asyncDispose]: () => ended(child),
  }
}
