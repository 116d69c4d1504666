import { parseArgs } from 'node:util'
import { backupCommand } from './commands/backup.ts'
import { type Command, CommandError } from './commands/command.ts'
import { copyCommand } from './commands/copy.ts'
import { doctorCommand } from './commands/doctor.ts'
import { exportCommand } from './commands/export.ts'
import { importCommand } from './commands/import.ts'
import { openapiCommand } from './commands/openapi.ts'
import { tokenCommand } from './commands/token.ts'
import { ConfigError } from './config.ts'
import { DirectoryInUse } from './db/lock.ts'
import { WrongDatabase } from './db/migrate.ts'
import { Refusal } from './lib/errors.ts'
import { main } from './main.ts'
import { version } from './version.ts'

const startCommand: Command = {
  usage: 'start',
  summary: 'Run the server until a signal stops it',
  details: 'The settings come from the environment; README.md and .env.example list them.',
  options: {},
  run: async (_, words) => (words.length > 0 ? undefined : main()),
}

const commands: Record<string, Command> = {
  start: startCommand,
  backup: backupCommand,
  copy: copyCommand,
  import: importCommand,
  export: exportCommand,
  token: tokenCommand,
  doctor: doctorCommand,
  openapi: openapiCommand,
}

/** Runs the command that `args` (without program and script) name; gives the exit code. */
export async function run(args: string[]): Promise<number> {
  // What customers write is nobody else's on this machine: no file of ours is for other users.
  process.umask(0o077)
  const [name = '--help', ...rest] = args
  if (name === '--version') return print(version)
  if (name === '--help' || name === '-h' || name === 'help') return print(overview())
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command) return complain(`There is no command "${name}".\n\n${overview()}`)
  try {
    const options = { ...command.options, help: { type: 'boolean', short: 'h' } } as const
    const { values, positionals } = parseArgs({ args: rest, options, allowPositionals: true })
    if (values.help) return print(help(command))
    const result = await command.run(values as never, positionals)
    if (result === undefined) return complain(help(command))
    return typeof result === 'number' ? result : print(result)
  } catch (error) {
    return complain(explain(error as NodeJS.ErrnoException, command))
  }
}

function explain(error: NodeJS.ErrnoException, command: Command): string {
  const explained = [CommandError, ConfigError, DirectoryInUse, WrongDatabase]
  if (explained.some((kind) => error instanceof kind)) return error.message
  if (error.code?.startsWith('ERR_PARSE_ARGS')) return `${error.message}\n\n${help(command)}`
  // What the file system says names the file and the trouble.
  if (error.code?.startsWith('E') && error.syscall) return error.message
  // What the engine says names the file and the trouble, too.
  if (error instanceof Refusal && error.cause instanceof Error) return error.cause.message
  return String(error.stack)
}

function overview(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length))
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}   ${summary}`)
  return `Usage: ndoto COMMAND [OPTIONS]

${lines.join('\n')}

ndoto COMMAND --help says more. ndoto --version prints the version.`
}

function help({ usage, summary, details }: Command): string {
  return `Usage: ndoto ${usage}\n\n${summary}.${details ? `\n\n${details}` : ''}`
}

function print(text: string): number {
  process.stdout.write(`${text}\n`)
  return 0
}

function complain(text: string): number {
  process.stderr.write(`${text}\n`)
  return 1
}
