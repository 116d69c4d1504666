import { fork } from 'node:child_process'
import { ended, reply } from './load.ts'

/** Sockets in a process of their own, each of which reads what comes. */
export interface Sockets extends AsyncDisposable {
  /** When each has got the next event: milliseconds of the clock that `clock()` reads. */
  next(): Promise<number[]>
}

/** Milliseconds of a clock that all processes of the machine share. */
export function clock(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

/** Opens `count` sockets, and waits until each has got its first bytes. */
export async function openSockets(port: number, request: string, count: number): Promise<Sockets> {
  const child = fork(new URL('sockets-process.ts', import.meta.url))
  child.send({ port, request, count })
  await reply(child)
  return {
    next: async () => (await reply(child)) as number[],
    [Symbol.asyncDispose]: () => ended(child),
  }
}

/** A server that does nothing but write bytes to its sockets in a loop; `write` gives when the loop began. */
export interface BareSockets extends AsyncDisposable {
  port: number
  write(text: string): Promise<number>
}

export async function startBareSockets(): Promise<BareSockets> {
  const child = fork(new URL('bare-sockets-process.ts', import.meta.url))
  const port = (await reply(child)) as number
  return {
    port,
    async write(text) {
      const began = reply(child)
      child.send(text)
      return (await began) as number
    },
    [Symbol.asyncDispose]: () => ended(child),
  }
}
