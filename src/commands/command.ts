import { statSync } from 'node:fs'
import type { ParseArgsOptionsConfig } from 'node:util'

/** The options of a command. */
export type Values = Record<string, string | boolean | undefined>

/** A command of the command line, such as `backup`. */
export interface Command {
  /** How it is called, without the name of the program. */
  usage: string
  summary: string
  details?: string
  options: ParseArgsOptionsConfig
  /**
   * Runs the command. Returns the text to print, or an exit code if it has printed the result itself. Returns undefined if
   * the arguments are wrong.
   */
  run(values: Values, words: string[]): Promise<string | number | undefined>
}

/** An error that the user of a command can correct. Its message is shown without a stack. */
export class CommandError extends Error {}

/** Throws a CommandError if there is no directory at `path`, in which a command is to create something. */
export function assertDirectory(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return
  throw new CommandError(`${path} is not a directory that exists. Create it first, or choose another one.`)
}
