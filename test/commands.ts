import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestApp } from './app.ts'
import { type ProcessResult, runProgram } from './process.ts'

/** Returns the settings for the database and the files of a test's server. */
export function databaseEnvironment({ config }: TestApp): Record<string, string> {
  return { DATABASE_URL: config.databaseUrl ?? '', FILES_URL: config.filesUrl ?? '' }
}

/** Runs an `ndoto` command on the data of a test's server, while the server runs. */
export function runCommand(test: TestApp, args: string[]): Promise<ProcessResult> {
  return runProgram(args, { data: test.config.dataDir, environment: databaseEnvironment(test) })
}

/** Writes a file into the data directory of a test's server, and returns its path. */
export function writeDataFile({ config }: TestApp, name: string, content: string | Uint8Array): string {
  const file = join(config.dataDir, name)
  writeFileSync(file, content)
  return file
}
