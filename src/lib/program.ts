import { existsSync } from 'node:fs'
import { dirname, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

// Of the project or the package: this file is in src/lib, and bundled in dist/server. A package has no sources.
const sources = fileURLToPath(new URL('../../src', import.meta.url))

/**
 * Returns how to run a command of this program, such as `doctor`, from where it was started: through npm in a clone,
 * through npx in a folder into which the package was installed, or by its name if it is in the PATH.
 */
export function commandLine(command: string): string {
  return commandLineOf(command, { isClone: existsSync(sources), script: process.argv[1] ?? '' })
}

/** Returns the command line for a program that runs `script`, in a clone or not. */
export function commandLineOf(
  command: string,
  { isClone, script }: { isClone: boolean; script: string },
): string {
  if (isClone) return command === 'start' ? 'npm start' : `npm run -s ndoto -- ${command}`
  const isInFolder = dirname(script).split(sep).includes('node_modules')
  return isInFolder ? `npx ndoto ${command}` : `ndoto ${command}`
}
