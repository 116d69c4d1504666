import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestApp } from './app.ts'
import { type Ended, runProgram } from './process.ts'

/** Runs a command on the database of a test's server, beside it. */
export function runBeside({ config }: TestApp, args: string[]): Promise<Ended> {
  const environment = { DATABASE_URL: config.databaseUrl ?? '', FILES_URL: config.filesUrl ?? '' }
  return runProgram(args, { data: config.dataDir, environment })
}

/** Writes a file beside the data of a test's server, and gives its path. */
export function writeBeside({ config }: TestApp, name: string, content: string | Uint8Array): string {
  const file = join(config.dataDir, name)
  writeFileSync(file, content)
  return file
}
