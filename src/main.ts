import { type App, startApp } from './app.ts'
import { type Config, ConfigError, localUrl, readConfig } from './config.ts'
import { DirectoryInUse } from './db/lock.ts'
import { NewerDatabase } from './db/migrate.ts'
import type { Installation } from './first-start.ts'
import { version } from './version.ts'

// From the signal to the end: what runs longer is cut off, so that whoever stops us need not kill.
const graceMilliseconds = 4500

/** Runs the server until a signal ends it. Gives the exit code when it could not start. */
export async function main(): Promise<number> {
  let config: Config
  let app: App
  try {
    config = readConfig()
    app = await startApp(config)
  } catch (error) {
    return explain(error)
  }
  if (app.installation) print(welcome(app.installation, config, app.url))
  else print(`Ndoto ${version} listens at ${app.url}`)
  return new Promise((resolve) => stopOnSignal(app, resolve))
}

function stopOnSignal(app: App, resolve: (code: number) => void): void {
  let stopping = false
  const stop = (signal: NodeJS.Signals) => {
    // The second one means it: whoever is at the keyboard will not wait.
    if (stopping) process.exit(1)
    stopping = true
    app.server.log.info(`${signal}: finishing what runs`)
    setTimeout(() => app.server.server.closeAllConnections(), graceMilliseconds).unref()
    app.close().then(
      () => resolve(0),
      (error) => {
        app.server.log.fatal({ err: error }, 'could not stop cleanly')
        resolve(1)
      },
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

function explain(error: unknown): number {
  const { code, message, stack, port, address } = error as NodeJS.ErrnoException & {
    port?: number
    address?: string
  }
  if (error instanceof ConfigError || error instanceof DirectoryInUse || error instanceof NewerDatabase) {
    complain(message)
  } else if (code === 'EADDRINUSE') {
    complain(`${address}:${port} is taken by another program. Stop that one, or set PORT to a free one.`)
  } else if (code === 'EACCES' || code === 'EROFS' || code === 'ENOSPC') {
    complain(`${message}\nSet DATA_DIR to a directory that this user can write, with room on its disk.`)
  } else {
    complain(
      `${stack ?? message}\nRun \`npx ndoto doctor\`: it checks the settings, the database and the disk.`,
    )
  }
  return 1
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
