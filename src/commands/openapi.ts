import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildServer, contextOf } from '../app.ts'
import { readConfig } from '../config.ts'
import { openSqlite } from '../db/sqlite.ts'
import { EventLog } from '../events/log.ts'
import { migrations } from '../migrations.ts'
import type { Command } from './command.ts'

export const openapiCommand: Command = {
  usage: 'openapi',
  summary: 'Print the OpenAPI document of the HTTP API',
  options: {},
  async run(_, words) {
    if (words.length > 0) return undefined
    return JSON.stringify(await openapiDocument(), null, 2)
  },
}

/** Creates the document of `GET /openapi.json` without starting a server. */
export async function openapiDocument(): Promise<object> {
  const directory = mkdtempSync(join(tmpdir(), 'ndoto-openapi-'))
  const database = openSqlite(directory, migrations)
  try {
    const log = new EventLog(database)
    const server = await buildServer(contextOf(readConfig({ LOG_LEVEL: 'silent' }), database, log))
    const document = server.swagger()
    await server.close()
    await log.stop()
    return document
  } finally {
    await database.close()
    rmSync(directory, { recursive: true, force: true })
  }
}
