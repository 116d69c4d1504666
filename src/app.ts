import type { FastifyBaseLogger } from 'fastify'
import { startBackups } from './backup/schedule.ts'
import { backupSettings } from './backup/settings.ts'
import { backupReadings } from './backup/status.ts'
import type { Config } from './config.ts'
import type { Database } from './db/database.ts'
import { openDatabase } from './db/open.ts'
import { Deliverer, type DeliverySettings } from './deliveries/deliverer.ts'
import { longestDelay } from './deliveries/queue.store.ts'
import { type Retry, startFollowers } from './events/followers.ts'
import { EventLog } from './events/log.ts'
import { countParked } from './events/parked.ts'
import { startPruning } from './events/prune.ts'
import { features as allFeatures } from './features.ts'
import { openFiles } from './files/open.ts'
import { type Installation, installIfEmpty } from './first-start.ts'
import { type Context, type Feature, type Intervals, intervals } from './http/feature.ts'
import type { Reading } from './http/metrics.ts'
import { createServer, type Server } from './http/server.ts'
import type { Resolve } from './lib/destination.ts'
import type { Running } from './lib/loop.ts'
import { secretBox } from './lib/secret-box.ts'
import { migrations } from './migrations.ts'
import { openSecretBox } from './secret-key.ts'
import { startRemovingCopies } from './upgrade-cleanup.ts'
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

/** What the process can add, and tests can replace. */
export interface Overrides {
  /** Gets sentences about what takes long at the start. */
  notice?: (sentence: string) => void
  intervals?: Partial<Intervals>
  deliveries?: DeliverySettings
  /** How followers retry an event that fails. */
  retry?: Partial<Retry>
  /** The features, instead of the usual ones. */
  features?: readonly Feature[]
  resolve?: Resolve | undefined
}

/** Opens the database, fills it at the first start, and listens. Throws errors that the operator must see. */
export async function startApp(config: Config, overrides: Overrides = {}): Promise<App> {
  const database = await openDatabase(config, migrations, overrides.notice)
  const log = new EventLog(database)
  const context = contextOf(config, database, log, overrides)
  const running: Running[] = [{ stop: () => database.close() }, log]
  const stopAll = async () => {
    for (const one of running.toReversed()) await one.stop()
  }
  let closed: Promise<void> | undefined
  const close = () => {
    closed ??= stopAll()
    return closed
  }
  try {
    secretBox.fill(database, await openSecretBox(config, database, secretColumns))
    const { promise: installed, resolve: open } = Promise.withResolvers<void>()
    const server = await buildServer(context, installed, overrides.features)
    for (const { prepare } of overrides.features ?? allFeatures) await prepare?.(context)
    running.push(...startWork(context, server.log, overrides))
    running.push({ stop: () => server.close() })
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

/** Starts everything that runs in the background. It is to be stopped in reverse order. */
function startWork(context: Context, logger: FastifyBaseLogger, overrides: Overrides): Running[] {
  const { config, database, log } = context
  const { features = allFeatures, deliveries: settings = {}, retry = {} } = overrides
  const senders = features.flatMap((feature) => feature.senders?.(context) ?? [])
  const deliverer = new Deliverer({ database, log, logger, senders, settings })
  const followers = features.flatMap((feature) => feature.followers ?? [])
  const backups = backupSettings(config)
  return [
    startPruning(database, config.eventRetentionDays, logger),
    ...(config.databaseUrl ? [] : [startRemovingCopies(config.dataDir, logger)]),
    deliverer,
    startFollowers([...followers, deliverer.follower], { database, log, logger, retry }),
    ...features.flatMap(({ start }) => start?.(context, logger) ?? []),
    ...(backups ? [startBackups(backups, logger, context.intervals.backup)] : []),
  ]
}

/** Creates the context that features get. */
export function contextOf(
  config: Config,
  database: Database,
  log: EventLog,
  overrides: Pick<Overrides, 'features' | 'intervals' | 'resolve'> = {},
): Context {
  const { features = allFeatures, resolve } = overrides
  const events = features.flatMap((feature) => feature.events ?? [])
  const signals = features.flatMap((feature) => feature.signals ?? [])
  const files = openFiles(config)
  const { slots } = database
  const allIntervals = { ...intervals, ...overrides.intervals }
  return { config, database, slots, log, files, version, events, signals, intervals: allIntervals, resolve }
}

/** Creates the HTTP server with all routes, which does not listen yet. Requests wait until `installed` resolves. */
export async function buildServer(
  context: Context,
  installed?: Promise<void>,
  features: readonly Feature[] = allFeatures,
): Promise<Server> {
  const { config, database, events, signals } = context
  for (const feature of features) feature.setup?.(context)
  const server = await createServer({
    config,
    version,
    database,
    events,
    signals,
    readings: [
      ...features.flatMap((feature) => feature.readings?.(context) ?? []),
      parkedEvents(database),
      lateDeliveries(database),
      ...(backupSettings(config) ? backupReadings(config.dataDir) : []),
    ],
    hosts: features.flatMap(({ host }) => host?.(config) ?? []),
    installed,
  })
  const addRoutes = async (scope: Server) => {
    for (const feature of features) feature.routes?.(scope, context)
  }
  server.register(addRoutes as never)
  const addAccountRoutes = async (scope: Server) => {
    for (const feature of features) feature.accountRoutes?.(scope, context)
  }
  server.register(addAccountRoutes as never, { prefix: '/api/v1/accounts/:account_id' })
  await server.ready()
  return server
}

function lateDeliveries(database: Database): Reading {
  return {
    name: 'ndoto_deliveries_late_seconds',
    help: 'For how long the oldest delivery has been due without being sent.',
    read: async () => (await longestDelay(database.read, Date.now())) / 1000,
  }
}

function parkedEvents(database: Database): Reading {
  return {
    name: 'ndoto_parked_events',
    help: 'Events of the log that could not be processed and were given up; `ndoto doctor` says more.',
    read: () => countParked(database.read),
  }
}
