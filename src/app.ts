import type { Config } from './config.ts'
import type { Database } from './db/database.ts'
import { openDatabase } from './db/open.ts'
import { EventLog } from './events/log.ts'
import { startPruning } from './events/prune.ts'
import { features as allFeatures } from './features.ts'
import { openFiles } from './files/open.ts'
import { type Installation, installIfEmpty } from './first-start.ts'
import { type Context, type Feature, type Intervals, intervals } from './http/feature.ts'
import { createServer, type Server } from './http/server.ts'
import { secretBox } from './lib/secret-box.ts'
import { migrations } from './migrations.ts'
import { openSecretBox } from './secret-key.ts'
import { version } from './version.ts'

/** The columns of all features with secrets. */
export const secretColumns = allFeatures.flatMap(({ secrets }) => secrets ?? [])

/** The whole program in one process, listening. */
export interface App {
  server: Server
  database: Database
  /** The address that it listens on, such as `http://127.0.0.1:3000`. */
  url: string
  /** What the first start has created; undefined on later starts. */
  installation: Installation | undefined
  /** Stops accepting requests, finishes those that are running, and closes the database. Can be called repeatedly. */
  close(): Promise<void>
}

/** What tests can replace. */
export interface Overrides {
  intervals?: Partial<Intervals>
  /** Features whose `start` is called instead of the usual ones. The routes are not affected. */
  features?: readonly Feature[]
}

/** Opens the database, fills it at the first start, and listens. Throws errors that the operator must see. */
export async function startApp(config: Config, overrides: Overrides = {}): Promise<App> {
  const { features = allFeatures } = overrides
  const database = await openDatabase(config, migrations)
  const log = new EventLog(database)
  const context = contextOf(config, database, log, overrides.intervals)
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
    secretBox.fill(database, await openSecretBox(config, database, secretColumns))
    const { promise: installed, resolve: open } = Promise.withResolvers<void>()
    const server = await buildServer(context, installed)
    for (const { prepare } of allFeatures) await prepare?.(context)
    for (const { start } of features) if (start) stops.unshift(start(context, server.log))
    stops.unshift(() => server.close())
    const url = await server.listen({ host: config.host, port: config.port })
    // After listen(), because the password is shown only once, and a start that cannot listen does not show it.
    const installation = await installIfEmpty(database, config.admin)
    open()
    return { server, database, url, installation, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Creates the context that features get. */
export function contextOf(
  config: Config,
  database: Database,
  log: EventLog,
  changedIntervals: Partial<Intervals> = {},
): Context {
  const events = allFeatures.flatMap((feature) => feature.events ?? [])
  const files = openFiles(config)
  const { slots } = database
  return {
    config,
    database,
    slots,
    log,
    files,
    version,
    events,
    intervals: { ...intervals, ...changedIntervals },
  }
}

/** Creates the HTTP server with all routes, which does not listen yet. Requests wait until `installed` resolves. */
export async function buildServer(context: Context, installed?: Promise<void>): Promise<Server> {
  const { config, database, events } = context
  for (const feature of allFeatures) feature.setup?.(context)
  const server = await createServer({
    config,
    version,
    database,
    events,
    readings: allFeatures.flatMap((feature) => feature.readings?.(context) ?? []),
    installed,
  })
  const addRoutes = async (scope: Server) => {
    for (const feature of allFeatures) feature.routes?.(scope, context)
  }
  server.register(addRoutes as never)
  const addAccountRoutes = async (scope: Server) => {
    for (const feature of allFeatures) feature.accountRoutes?.(scope, context)
  }
  server.register(addAccountRoutes as never, { prefix: '/api/v1/accounts/:account_id' })
  await server.ready()
  return server
}
