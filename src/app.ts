import type { Config } from './config.ts'
import type { Database } from './db/database.ts'
import { openDatabase } from './db/open.ts'
import { EventLog } from './events/log.ts'
import { startPruning } from './events/prune.ts'
import { prepareLinks } from './features/attachments/service.ts'
import { identifier } from './features/users/identify.ts'
import { features as allFeatures } from './features.ts'
import { openFiles } from './files/open.ts'
import { type Installation, installIfEmpty } from './first-start.ts'
import { type Context, type Feature, type Intervals, intervals } from './http/feature.ts'
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
  /** Stops accepting, finishes what runs, closes the database; again it does nothing more. */
  close(): Promise<void>
}

/** What tests change of the program. */
export interface Changed {
  /** How often something is done again. */
  intervals?: Partial<Intervals>
  /** Features that start otherwise; their routes stay those of the program. */
  features?: readonly Feature[]
}

/**
 * Opens the database, prepares an empty one, and listens. Throws what the operator has to know. What `changed` holds is
 * otherwise than in the program itself.
 */
export async function startApp(config: Config, changed: Changed = {}): Promise<App> {
  const { features = allFeatures } = changed
  const database = await openDatabase(config)
  const log = new EventLog(database)
  const context = contextOf(config, database, log, changed.intervals)
  const stops: (() => Promise<void>)[] = [() => log.close(), () => database.close()]
  stops.unshift(startPruning(database, config.eventRetentionDays))
  const stopAll = async () => {
    for (const stop of stops) await stop()
  }
  let closed: Promise<void> | undefined
  const close = () => {
    closed ??= stopAll()
    return closed
  }
  try {
    const { promise: installed, resolve: open } = Promise.withResolvers<void>()
    const server = await buildServer(context, installed)
    await prepareLinks(database, config)
    for (const { start } of features) if (start) stops.unshift(start(context, server.log))
    stops.unshift(() => server.close())
    const url = await server.listen({ host: config.host, port: config.port })
    // Only now: what it has made is shown once, and a start that cannot listen shows nothing.
    const installation = await installIfEmpty(database, config.admin)
    open()
    return { server, database, url, installation, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** What the features work with. */
export function contextOf(
  config: Config,
  database: Database,
  log: EventLog,
  shortened: Partial<Intervals> = {},
): Context {
  const events = allFeatures.flatMap((feature) => feature.events ?? [])
  const files = openFiles(config)
  return { config, database, log, files, version, events, intervals: { ...intervals, ...shortened } }
}

/** All routes over a database, not listening yet; requests wait until `installed`. */
export async function buildServer(context: Context, installed?: Promise<void>): Promise<Server> {
  const { config, database, events } = context
  const server = await createServer({
    config,
    version,
    database,
    events,
    readings: allFeatures.flatMap((feature) => feature.readings?.(context) ?? []),
    identify: identifier(database),
    installed,
  })
  for (const feature of allFeatures) feature.setup?.()
  const addOpenRoutes = async (scope: Server) => {
    for (const feature of allFeatures) feature.routes?.(scope, context)
  }
  server.register(addOpenRoutes as never)
  const addRoutes = async (scope: Server) => {
    for (const feature of allFeatures) feature.accountRoutes?.(scope, context)
  }
  server.register(addRoutes as never, { prefix: '/api/v1/accounts/:account_id' })
  await server.ready()
  return server
}
