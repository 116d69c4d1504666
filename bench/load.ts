import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

/** What to ask, and how. */
export interface Target {
  port: number
  method?: 'GET' | 'POST'
  /** Asked one after another, over all connections and runs together; from the beginning again after the last. */
  paths: string[]
  token?: string
  /** JSON. */
  body?: string
  /** Any other status ends the run with an error. */
  status?: number
  connections?: number
  /** How long a connection waits after an answer before it asks again, in milliseconds. */
  pause?: number
}

/** What a run has found; times in milliseconds. */
export interface Outcome {
  requests: number
  perSecond: number
  p50: number
  p99: number
  max: number
  /** Bytes of body in an answer, on average. */
  bytes: number
}

/** A load generator in a process of its own. Each of its connections asks again as soon as it is answered. */
export interface Load extends AsyncDisposable {
  run(seconds: number): Promise<Outcome>
}

/** Starts a load generator, which is idle until it is run. */
export function openLoad(target: Target): Load {
  const child = fork(new URL('load-process.ts', import.meta.url))
  child.send(target)
  return {
    async run(seconds) {
      child.send(seconds)
      return (await reply(child)) as Outcome
    },
    async [Symbol.asyncDispose]() {
      await ended(child)
    },
  }
}

/** The next message of a child; rejects when it ends instead. */
export async function reply(child: ChildProcess): Promise<unknown> {
  const giveUp = new AbortController()
  const { signal } = giveUp
  try {
    return await Promise.race([
      once(child, 'message', { signal }).then(([message]) => message),
      once(child, 'exit', { signal }).then(([code, by]) => {
        throw new Error(`${child.spawnargs.join(' ')} ended with ${code ?? by}`)
      }),
    ])
  } finally {
    giveUp.abort()
  }
}

/** Stops a child, if it runs, and waits for its end. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill()
  await once(child, 'exit')
}
