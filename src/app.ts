import type { Config } from './config.ts'
import type { Database } from './db/database.ts'
import { openSqlite } from './db/sqlite.ts'
import { identifier } from './features/users/service.ts'
import { features } from './features.ts'
import { type Installation, installIfEmpty } from './first-start.ts'
import { createServer, type Server } from './http/server.ts'
import { version } from './version.ts'

/** The whole program in one process, listening. */
export interface App {
  server: Server
  database: Database
  /** Where it listens, such as `http://127.0.0.1:3000`. */
  url: string
  /** What the first start has made; undefined on later starts. */
  installation: Installation | undefined
  /** Stops accepting, finishes what runs, closes the database. */
  close(): Promise<void>
}

/** Opens the database, prepares an empty one, and listens. Throws what the operator has to know. */
export async function startApp(config: Config): Promise<App> {
  const database = openSqlite(config.dataDir)
  try {
    const installation = await installIfEmpty(database, config.admin)
    const server = await buildServer(config, database)
    const url = await server.listen({ host: config.host, port: config.port })
    return {
      server,
      database,
      url,
      installation,
      async close() {
        await server.close()
        await database.close()
      },
    }
  } catch (error) {
    await database.close()
    throw error
  }
}

/** All routes over a database, not listening yet. */
export async function buildServer(config: Config, database: Database): Promise<Server> {
  const server = await createServer({ config, version, database, identify: identifier(database) })
  for (const feature of features) feature.setup?.()
  const addRoutes = async (scope: Server) => {
    for (const feature of features) feature.accountRoutes?.(scope, database)
  }
  server.register(addRoutes as never, { prefix: '/api/v1/accounts/:account_id' })
  await server.ready()
  return server
}
