import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'

/** Whether a stored hash is one of bcrypt, as other systems store passwords. */
export function isBcrypt(stored: string): boolean {
  return /^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/.test(stored)
}

// In the bundle it is JavaScript.
const program = new URL(`./bcrypt-worker${extname(import.meta.url)}`, import.meta.url)

/**
 * Whether a password matches a hash of bcrypt. Node.js cannot compute it, so a thread does, for a few hundred
 * milliseconds: the server answers others meanwhile. Each user needs it once.
 */
export function bcryptMatches(password: string, stored: string): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>()
  const worker = new Worker(program, { execArgv: [], name: 'ndoto-bcrypt', workerData: { password, stored } })
  worker.on('message', resolve).on('error', reject)
  worker.on('exit', () => reject(new Error('the thread has ended')))
  return promise
}
