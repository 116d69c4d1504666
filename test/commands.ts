import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestApp } from './app.ts'
import { type ProcessResult, runProgram } from './process.ts'

/** Where a test's server has its data, but for the directory. */
export function databaseEnvironment({ config }: TestApp): Record<string, string> {
  return { DATABASE_URL: config.databaseUrl ?? '', FILES_URL: config.filesUrl ?? '' }
}

/** Runs a command on the database of a test's server, beside it. */
export function runCommand(test: TestApp, args: string[]): Promise<ProcessResult> {
  return runProgram(args, { data: test.config.dataDir, environment: databaseEnvironment(test) })
}

/** Writes a file beside the data of a test's server, and gives its path. */
export function writeDataFile({ config }: TestApp, name: string, content: string | Uint8Array): string {
  const file = join(config.dataDir, name)
  writeFileSync(file, content)
  return file
}
