import type { FastifyBaseLogger } from 'fastify'
import type { Config } from '../config.ts'
import type { Database } from '../db/database.ts'
import type { EventType } from '../events/catalogue.ts'
import type { EventLog } from '../events/log.ts'
import type { Files } from '../files/open.ts'
import type { Reading } from './metrics.ts'
import type { Server } from './server.ts'

/** Milliseconds between what is done again and again. */
export interface Intervals {
  /** On each open stream. */
  heartbeat: number
  /** In which each node says who is online; three of them without a word end what it said. */
  presence: number
  /** In which files that no message holds are looked for. */
  sweep: number
}

/** As they are unless a test shortens them. */
export const intervals: Readonly<Intervals> = { heartbeat: 15_000, presence: 20_000, sweep: 5000 }

/** What features work with. */
export interface Context {
  config: Config
  database: Database
  log: EventLog
  files: Files
  /** The kinds of events of all features. */
  events: readonly EventType[]
  intervals: Readonly<Intervals>
  /** This program's. */
  version: string
}

/** What a feature plugs into the program. */
export interface Feature {
  /** The name of its folder. */
  name: string
  /** Fills the slots that features above it in the list have left open. */
  setup?: () => void
  /** The kinds of events that it appends to the log. */
  events?: readonly EventType[]
  /** Adds its routes outside of any account, by their whole path. */
  routes?: (app: Server, context: Context) => void
  /** Adds its routes below `/api/v1/accounts/:account_id`. */
  accountRoutes?: (app: Server, context: Context) => void
  /** What `/metrics` tells of it, beside its requests. */
  readings?: (context: Context) => readonly Reading[]
  /** Begins its work in the background; gives how to end it. */
  start?: (context: Context, logger: FastifyBaseLogger) => () => Promise<void>
}
