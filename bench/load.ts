import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

/** The requests of a load generator. */
export interface Target {
  port: number
  method?: 'GET' | 'POST'
  /** Requested in order, by all connections and runs together; after the last, from the first again. */
  paths: string[]
  token?: string
  /** JSON. */
  body?: string
  /** Any other status ends the run with an error. */
  status?: number
  connections?: number
  /** How long a connection waits after a response before its next request, in milliseconds. */
  pause?: number
}

/** The result of a run. Times are in milliseconds. */
export interface Outcome {
  requests: number
  perSecond: number
  p50: number
  p99: number
  max: number
  /** The average number of bytes of a response body. */
  bytes: number
}

/** A load generator in its own process. Each connection sends its next request as soon as it gets a response. */
export interface Load extends AsyncDisposable {
  run(seconds: number): Promise<Outcome>
}

/** Starts a load generator. It is idle until `run` is called. */
export function openLoad(target: Target): Load {
  const child = fork(new URL('load-process.ts', import.meta.url))
  child.send(target)
  return {
    async run(seconds) {
      child.send(seconds)
      return (await nextMessage(child)) as Outcome
    },
    async [Symbol.asyncDispose]() {
      await stop(child)
    },
  }
}

/** Returns the next message of a child process. Rejects if it ends instead. */
export async function nextMessage(child: ChildProcess): Promise<unknown> {
  const done = new AbortController()
  const { signal } = done
  try {
    return await Promise.race([
      once(child, 'message', { signal }).then(([message]) => message),
      once(child, 'exit', { signal }).then(([code, by]) => {
        throw new Error(`${child.spawnargs.join(' ')} ended with ${code ?? by}`)
      }),
    ])
  } finally {
    done.abort()
  }
}

/** Stops a child process, if it is running, and waits for its end. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill()
  await once(child, 'exit')
}
