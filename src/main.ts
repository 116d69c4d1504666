import { setTimeout as sleep } from 'node:timers/promises'
import { type App, startApp } from './app.ts'
import { type Config, ConfigError, localUrl, readConfig } from './config.ts'
import { DirectoryInUse } from './db/lock.ts'
import { WrongDatabase } from './db/migrate.ts'
import { explainServerError } from './db/postgres-diagnosis.ts'
import type { Installation } from './first-start.ts'
import { Refusal } from './lib/errors.ts'
import { WrongKeyFile } from './lib/key-file.ts'
import { commandLine } from './lib/program.ts'
import { freeStartMemory } from './lib/start-memory.ts'
import { version } from './version.ts'

// From the signal to the end. Requests that take longer are cut off, so that a supervisor does not kill the process.
const graceMilliseconds = 4500

/** Runs the server until a signal stops it. Returns the exit code. */
export async function main(): Promise<number> {
  // Before anything is printed: a supervisor can send the signal as soon as it reads that the server listens.
  const signal = nextSignal()
  let config: Config | undefined
  let app: App
  try {
    config = readConfig(undefined, { isTerminal: process.stdout.isTTY })
    app = await startApp(config, { notice: print })
  } catch (error) {
    printError(explain(error as Failure, config))
    return 1
  }
  if (app.installation) print(welcome(app.installation, config, app.url))
  else print(`Ndoto ${version} listens at ${app.url}\n${help}\n`)
  freeStartMemory()
  return stop(app, await signal)
}

function nextSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let first: number | undefined
    const onSignal = (signal: NodeJS.Signals) => {
      // With npm, one Ctrl+C arrives twice: from the terminal, and from npm. A second one after that ends the process at once.
      if (first !== undefined && performance.now() - first > 1000) process.exit(1)
      first ??= performance.now()
      resolve(signal)
    }
    process.on('SIGTERM', onSignal)
    process.on('SIGINT', onSignal)
  })
}

async function stop(app: App, signal: NodeJS.Signals): Promise<number> {
  app.server.log.info(`${signal}: finishing the requests that are running`)
  setTimeout(() => app.server.server.closeAllConnections(), graceMilliseconds).unref()
  // If HOST resolves to several addresses, closeAllConnections() reaches the connections of only one of them.
  const deadline = setTimeout(async () => {
    // If the database hangs, do not wait longer than a supervisor does.
    await Promise.race([app.database.close().catch(() => {}), sleep(200)])
    process.exit(0)
  }, graceMilliseconds + 100)
  try {
    await app.close()
    clearTimeout(deadline)
    return 0
  } catch (error) {
    app.server.log.fatal({ err: error }, 'could not stop cleanly')
    return 1
  }
}

interface Failure extends NodeJS.ErrnoException {
  address?: string
  port?: number
  /** The error code of SQLite. */
  errcode?: number
}

/** Explains an error that prevents the start, and what to do about it. */
function explain(error: Failure, config: Config | undefined): string {
  const explained = [ConfigError, DirectoryInUse, WrongDatabase, WrongKeyFile]
  if (explained.some((kind) => error instanceof kind)) return error.message
  const cause = error instanceof Refusal ? (error.cause as Failure) : error
  const { code, syscall, message, errcode = 0 } = cause
  if (code === 'EADDRINUSE') {
    return `Another program uses ${error.address}:${error.port}. Stop that program, or set PORT to a free port.`
  }
  if (config?.databaseUrl && error instanceof Refusal) {
    // The connection to the database broke during the start.
    const sentence = explainServerError(cause, config.databaseUrl)
    if (sentence) return sentence
  }
  if (syscall === 'listen' || syscall?.startsWith('getaddrinfo')) {
    return `Cannot listen on HOST=${config?.host} and PORT=${config?.port} (${message}). Set HOST to an address of this machine.`
  }
  if (errcode === 11 || errcode === 26) {
    return `The database in ${config?.dataDir} is damaged (${message}). Restore a backup, or move the file away to start with an empty database.`
  }
  if (syscall || errcode) {
    return `${config?.dataDir}: ${message}.\nSet DATA_DIR to a directory that this user can write to, on a disk with free space.`
  }
  return `${error.stack}\nRun \`${commandLine('doctor')}\`: it checks the settings, the database and the disk.`
}

const help = `If you cannot sign in, \`${commandLine('password ADDRESS')}\` prints a link to set a new password.
docs/operating.md explains the commands; \`${commandLine('doctor')}\` finds out what is wrong.
In a terminal, requests are logged only with LOG_LEVEL=info.`

/** The text that the first start prints: how to sign in, and a first request. */
export function welcome({ email, password, token }: Installation, config: Config, url: string): string {
  const here = config.port === 0 ? url : localUrl(config.host, config.port)
  const line = '─'.repeat(72)
  return `
${line}
  Ndoto ${version} is ready. Save this: it is shown only once.

  Dashboard   ${config.port === 0 ? url : config.publicUrl}/#email=${encodeURIComponent(email).replace('%40', '@')}
  Login       ${email}
  Password    ${password ?? 'the one in NDOTO_ADMIN_PASSWORD'}
  Token       ${token}

  Read the first conversation:

  curl -H 'api_access_token: ${token}' ${here}/api/v1/accounts/1/conversations/1/messages
${line}
`
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

function printError(text: string): void {
  process.stderr.write(`${text}\n`)
}
