import { statSync } from 'node:fs'
import type { ParseArgsOptionsConfig } from 'node:util'

export type Values = Record<string, string | boolean | undefined>

/** One word of the command line, such as `backup`. */
export interface Command {
  /** The line that shows how it is called, without the program's name. */
  usage: string
  summary: string
  details?: string
  options: ParseArgsOptionsConfig
  /**
   * Does it. Gives what to print, an exit code where it has printed by itself, or undefined where it was called
   * wrongly.
   */
  run(values: Values, words: string[]): Promise<string | number | undefined>
}

/** Something the caller of a command can put right; the message is shown without a stack. */
export class CommandError extends Error {}

/** Throws a CommandError if there is no directory at `path`, in which a command is to create something. */
export function assertDirectory(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return
  throw new CommandError(`${path} is not a directory that exists. Create it first, or choose another one.`)
}
