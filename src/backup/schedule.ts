import { fork } from 'node:child_process'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FastifyBaseLogger } from 'fastify'
import { every, type Running } from '../lib/loop.ts'
import type { BackupMessage } from './backup-process.ts'
import type { BackupSettings } from './settings.ts'
import { type BackupStatus, readStatus, recordStatus } from './status.ts'

// In the bundle it is JavaScript.
const program = fileURLToPath(new URL(`./backup-process${extname(import.meta.url)}`, import.meta.url))
const hour = 3600 * 1000
/** Until a backup that has failed is tried again, in milliseconds. */
const retry = hour / 6

/** Makes backups when they are due, one at a time, each in another process. Checks every `interval` milliseconds. */
export function startBackups(settings: BackupSettings, logger: FastifyBaseLogger, interval: number): Running {
  const work = async (signal: AbortSignal) => {
    if (!isDue(readStatus(settings.dataDir), settings.backup.every * hour, Date.now())) return
    const message = await runProcess(settings, signal)
    if ('result' in message) logger.info({ backup: message.result }, 'made a backup')
    else if (!signal.aborted) logger.error({ reason: message.error }, 'could not make a backup')
  }
  const onError = (error: unknown) => logger.error({ err: error }, 'could not make a backup')
  return every(interval, work, { first: interval, onError })
}

/**
 * Whether a backup is to be made now. `period` and `now` are in milliseconds. Times in the future do not count: the clock was
 * wrong, and there would be no backup until then.
 */
export function isDue(
  { succeeded_at = 0, failed_at = 0 }: BackupStatus,
  period: number,
  now: number,
): boolean {
  const isOver = (time: number, pause: number) => now - time >= pause || time > now
  return isOver(succeeded_at, period) && isOver(failed_at, Math.min(retry, period))
}

function runProcess(settings: BackupSettings, signal: AbortSignal): Promise<BackupMessage> {
  return new Promise((resolve) => {
    const child = fork(program, [], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    const stop = () => child.kill('SIGKILL')
    signal.addEventListener('abort', stop)
    const end = (message: BackupMessage) => {
      signal.removeEventListener('abort', stop)
      resolve(message)
    }
    child.on('message', end)
    child.on('error', ({ message }) => end({ error: message }))
    child.on('exit', (code, killed) => {
      const error = `The process ended with ${killed ?? code}.`
      // It could not record this itself.
      if (!signal.aborted && code !== 0) recordStatus(settings.dataDir, { failed_at: Date.now(), error })
      end({ error })
    })
    child.send(settings, () => {})
  })
}
