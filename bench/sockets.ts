import { fork } from 'node:child_process'
import { nextMessage, stop } from './load.ts'

/** Reading sockets in their own process. */
export interface Sockets extends AsyncDisposable {
  /** Returns when each socket got the next event, in milliseconds of `clock()`. */
  next(): Promise<number[]>
}

/** Returns the milliseconds of a clock that all processes of the machine share. */
export function clock(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

/** Texts in what a socket receives: when it is open, and in each event. */
export interface Marks {
  opened: string
  event: string
}

/** Those of event streams. */
export const eventStream: Marks = { opened: 'id: ', event: 'data: ' }

/** Opens `count` sockets, and waits until each is open. */
export async function openSockets(
  port: number,
  request: string,
  count: number,
  marks = eventStream,
): Promise<Sockets> {
  const child = fork(new URL('sockets-process.ts', import.meta.url))
  child.send({ port, request, count, marks })
  await nextMessage(child)
  return {
    next: async () => (await nextMessage(child)) as number[],
    [Symbol.asyncDispose]: () => stop(child),
  }
}

/** A server that only writes bytes to its sockets in a loop. `write` returns the start time of the loop. */
export interface BareSockets extends AsyncDisposable {
  port: number
  write(text: string): Promise<number>
}

/** Starts such a server in its own process. */
export async function startBareSockets(): Promise<BareSockets> {
  const child = fork(new URL('bare-sockets-process.ts', import.meta.url))
  const port = (await nextMessage(child)) as number
  return {
    port,
    async write(text) {
      const startTime = nextMessage(child)
      child.send(text)
      return (await startTime) as number
    },
    [Symbol.asyncDispose]: () => stop(child),
  }
}
