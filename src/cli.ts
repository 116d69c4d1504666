import { parseArgs } from 'node:util'
import { BackupError } from './backup/manifest.ts'
import { type Command, CommandError } from './commands/command.ts'
import { ConfigError } from './config.ts'
import { DirectoryInUse } from './db/lock.ts'
import { WrongDatabase } from './db/migrate.ts'
import { StorageError } from './files/storage.ts'
import { Refusal } from './lib/errors.ts'
import { WrongKeyFile } from './lib/key-file.ts'
import { version } from './version.ts'

const startCommand: Command = {
  usage: 'start',
  summary: 'Run the server until a signal stops it',
  details: 'The settings come from environment variables; docs/configuration.md lists them.',
  options: {},
  run: async (_, words) => (words.length > 0 ? undefined : (await import('./main.ts')).main()),
}

// Loaded only if needed, because loading all commands would take longer than running a small one.
const commands: Record<string, () => Promise<Command>> = {
  start: async () => startCommand,
  backup: async () => (await import('./commands/backup.ts')).backupCommand,
  restore: async () => (await import('./commands/restore.ts')).restoreCommand,
  copy: async () => (await import('./commands/copy.ts')).copyCommand,
  import: async () => (await import('./commands/import.ts')).importCommand,
  'import-chatwoot': async () => (await import('./commands/import-chatwoot.ts')).importChatwootCommand,
  export: async () => (await import('./commands/export.ts')).exportCommand,
  generate: async () => (await import('./commands/generate.ts')).generateCommand,
  token: async () => (await import('./commands/token.ts')).tokenCommand,
  password: async () => (await import('./commands/password.ts')).passwordCommand,
  'rotate-key': async () => (await import('./commands/rotate-key.ts')).rotateKeyCommand,
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand,
  openapi: async () => (await import('./commands/openapi.ts')).openapiCommand,
}

/** Runs the command in `args` (without program and script). Returns the exit code. */
export async function run(args: string[]): Promise<number> {
  // Other users of this machine must not read what customers write.
  process.umask(0o077)
  const [name = '--help', ...rest] = args
  if (name === '--version') return print(version)
  if (name === '--help' || name === '-h' || name === 'help') return print(await overview())
  if (!Object.hasOwn(commands, name)) {
    return fail(`There is no command "${name}".\n\n${await overview()}`)
  }
  const command = await commands[name]!()
  try {
    const options = { ...command.options, help: { type: 'boolean', short: 'h' } } as const
    const { values, positionals } = parseArgs({ args: rest, options, allowPositionals: true })
    if (values.help) return print(help(command))
    const result = await command.run(values as never, positionals)
    if (result === undefined) return fail(help(command))
    return typeof result === 'number' ? result : print(result)
  } catch (error) {
    return fail(explain(error as NodeJS.ErrnoException, command))
  }
}

function explain(error: NodeJS.ErrnoException, command: Command): string {
  const explained = [
    BackupError,
    CommandError,
    ConfigError,
    DirectoryInUse,
    StorageError,
    WrongDatabase,
    WrongKeyFile,
  ]
  if (explained.some((kind) => error instanceof kind)) return error.message
  if (error.code?.startsWith('ERR_PARSE_ARGS')) return `${error.message}\n\n${help(command)}`
  // Errors of the file system contain the file and the reason.
  if (error.code?.startsWith('E') && error.syscall) return error.message
  // Errors of the database contain the reason, too.
  if (error instanceof Refusal && error.cause instanceof Error) return error.cause.message
  return String(error.stack)
}

async function overview(): Promise<string> {
  const width = Math.max(...Object.keys(commands).map((name) => name.length))
  const line = async (name: string) => `  ${name.padEnd(width)}   ${(await commands[name]!()).summary}`
  const lines = await Promise.all(Object.keys(commands).map(line))
  return `Usage: ndoto COMMAND [OPTIONS]

${lines.join('\n')}

Run ndoto COMMAND --help for details of a command, and ndoto --version for the version.`
}

function help({ usage, summary, details }: Command): string {
  return `Usage: ndoto ${usage}\n\n${summary}.${details ? `\n\n${details}` : ''}`
}

function print(text: string): number {
  process.stdout.write(`${text}\n`)
  return 0
}

function fail(text: string): number {
  process.stderr.write(`${text}\n`)
  return 1
}
