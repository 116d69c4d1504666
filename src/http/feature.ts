import type { FastifyBaseLogger } from 'fastify'
import type { Config } from '../config.ts'
import type { Database } from '../db/database.ts'
import type { Migration } from '../db/migrate.ts'
import type { SecretColumn } from '../db/secret-keys.ts'
import type { CopyRules } from '../db/tables-to-copy.ts'
import type { Sender } from '../deliveries/sender.ts'
import type { EventType, SignalType } from '../events/catalogue.ts'
import type { Follower } from '../events/follow.ts'
import type { EventLog } from '../events/log.ts'
import type { Files } from '../files/open.ts'
import type { Resolve } from '../lib/destination.ts'
import type { Running } from '../lib/loop.ts'
import type { HasSlots } from '../lib/slot.ts'
import type { HostRoot } from './host-roots.ts'
import type { Reading } from './metrics.ts'
import type { Server } from './server.ts'

/** The intervals of recurring tasks, in milliseconds. */
export interface Intervals {
  /** Between checks of each open stream, and between heartbeats of customers' streams; agents' have three as many. */
  heartbeat: number
  /** Between pings of `/cable`. Its clients expect one in six seconds. */
  ping: number
  /** From the connection of a client of `/cable` until it must have subscribed to something. */
  subscription: number
  /** Between announcements of the users who are online on a node. After three missing ones, they count as offline. */
  presence: number
  /** From a change of somebody's status until contacts learn whether an inbox is available. */
  availability: number
  /** Between searches for files that are not attached to a message. */
  sweep: number
  /** Between renewals of the leases of inboxes. After two missing ones, a node stops receiving their messages. */
  lease: number
  /** Between checks whether a backup is due. */
  backup: number
  /** From a notification until it is mailed, if it was not read. */
  digest: number
}

/** The intervals, which only tests change. */
export const intervals: Readonly<Intervals> = {
  heartbeat: 15_000,
  ping: 3000,
  subscription: 30_000,
  presence: 20_000,
  availability: 5000,
  sweep: 5000,
  lease: 2000,
  backup: 60_000,
  digest: 600_000,
}

/** What all features get. */
export interface Context extends HasSlots {
  config: Config
  database: Database
  log: EventLog
  files: Files
  /** The types of events of all features. */
  events: readonly EventType[]
  /** The types of signals of all features to which webhooks can subscribe. */
  signals: readonly SignalType[]
  intervals: Readonly<Intervals>
  /** The version of the program. */
  version: string
  /** Resolves host names for outgoing requests. By default, the resolver of the system. */
  resolve?: Resolve | undefined
}

/** What a feature connects to the server. */
export interface Feature {
  /** The name of its folder. */
  name: string
  /** The steps that create and change its tables. */
  migrations?: readonly Migration[]
  /** What `ndoto copy` has to know about its tables. */
  copying?: CopyRules
  /** Fills the slots of features above it in the list. */
  setup?: (context: Context) => void
  /** The columns of its tables with secrets, which are stored encrypted (`src/lib/secret-box.ts`). */
  secrets?: readonly SecretColumn[]
  /** The types of events that it appends to the log. */
  events?: readonly EventType[]
  /** The types of signals that webhooks can get from it. */
  signals?: readonly SignalType[]
  /** A host at whose root the routes below a path are. */
  host?: (config: Config) => HostRoot | undefined
  /** Adds its routes outside of accounts, with their whole paths. */
  routes?: (app: Server, context: Context) => void
  /** Adds its routes below `/api/v1/accounts/:account_id`. */
  accountRoutes?: (app: Server, context: Context) => void
  /** The gauges and counters that it adds to `/metrics`. */
  readings?: (context: Context) => readonly Reading[]
  /** What it does with the events of the log. */
  followers?: readonly Follower[]
  /** How its deliveries are sent. */
  senders?: (context: Context) => readonly Sender[]
  /** Runs before the background work of any feature, and before the server listens. */
  prepare?: (context: Context) => Promise<void>
  /** Starts its background work. */
  start?: (context: Context, logger: FastifyBaseLogger) => Running
}
