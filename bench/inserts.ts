import { fork } from 'node:child_process'
import { type Load, nextMessage, type Outcome, stop } from './load.ts'

/** Starts a process that inserts single rows in a loop, into a table like the one in the database of `directory`. */
export function openInserts(directory: string): Load & { pid: number } {
  const child = fork(new URL('inserts-process.ts', import.meta.url), [directory])
  return {
    pid: child.pid!,
    async run(seconds) {
      child.send(seconds)
      return (await nextMessage(child)) as Outcome
    },
    [Symbol.asyncDispose]: () => stop(child),
  }
}
