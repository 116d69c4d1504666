import { setTimeout as sleep } from 'node:timers/promises'
import { type App, startApp } from './app.ts'
import { type Config, ConfigError, localUrl, readConfig } from './config.ts'
import { DirectoryInUse } from './db/lock.ts'
import { WrongDatabase } from './db/migrate.ts'
import { explainServerError } from './db/postgres-diagnosis.ts'
import type { Installation } from './first-start.ts'
import { Refusal } from './lib/errors.ts'
import { version } from './version.ts'

// From the signal to the end: what runs longer is cut off, so that whoever stops us need not kill.
const graceMilliseconds = 4500

/** Runs the server until a signal ends it. Gives the exit code. */
export async function main(): Promise<number> {
  // From here on: whoever has read that the server listens may stop it.
  const signal = nextSignal()
  let config: Config | undefined
  let app: App
  try {
    config = readConfig()
    app = await startApp(config)
  } catch (error) {
    complain(explain(error as Failure, config))
    return 1
  }
  if (app.installation) print(welcome(app.installation, config, app.url))
  else print(`Ndoto ${version} listens at ${app.url}`)
  return stop(app, await signal)
}

function nextSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let first: number | undefined
    const note = (signal: NodeJS.Signals) => {
      // A terminal sends Ctrl+C to npm and to us, and npm sends it on. A later one means it: nobody wants to wait.
      if (first !== undefined && performance.now() - first > 1000) process.exit(1)
      first ??= performance.now()
      resolve(signal)
    }
    process.on('SIGTERM', note)
    process.on('SIGINT', note)
  })
}

async function stop(app: App, signal: NodeJS.Signals): Promise<number> {
  app.server.log.info(`${signal}: finishing what runs`)
  setTimeout(() => app.server.server.closeAllConnections(), graceMilliseconds).unref()
  // Where HOST names several addresses, the connections of the others are out of reach.
  const deadline = setTimeout(async () => {
    // A database that hangs would take longer than whoever stops us waits.
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
  /** SQLite's. */
  errcode?: number
}

/** What the operator should do about an error that ends the start. */
function explain(error: Failure, config: Config | undefined): string {
  if (error instanceof ConfigError || error instanceof DirectoryInUse || error instanceof WrongDatabase) {
    return error.message
  }
  const cause = error instanceof Refusal ? (error.cause as Failure) : error
  const { code, syscall, message, errcode = 0 } = cause
  if (code === 'EADDRINUSE') {
    return `${error.address}:${error.port} is taken by another program. Stop that one, or set PORT to a free one.`
  }
  if (config?.databaseUrl && error instanceof Refusal) {
    // It has gone away while we started.
    const sentence = explainServerError(cause, config.databaseUrl)
    if (sentence) return sentence
  }
  if (syscall === 'listen' || syscall?.startsWith('getaddrinfo')) {
    return `HOST=${config?.host} and PORT=${config?.port} cannot be listened on (${message}). Set HOST to an address of this machine.`
  }
  if (errcode === 11 || errcode === 26) {
    return `The database in ${config?.dataDir} is damaged (${message}). Go back to a backup, or move it away to begin anew.`
  }
  if (syscall || errcode) {
    return `${config?.dataDir}: ${message}.\nSet DATA_DIR to a directory that this user can write, with room on its disk.`
  }
  return `${error.stack}\nRun \`npm run ndoto -- doctor\`: it checks the settings, the database and the disk.`
}

/** What a person needs who has just typed the first command. */
export function welcome({ email, password, token }: Installation, config: Config, url: string): string {
  const here = config.port === 0 ? url : localUrl(config.host, config.port)
  const line = '─'.repeat(72)
  return `
${line}
  Ndoto ${version} is ready. This is shown once: keep it.

  Dashboard   ${config.port === 0 ? url : config.publicUrl}
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

function complain(text: string): void {
  process.stderr.write(`${text}\n`)
}
