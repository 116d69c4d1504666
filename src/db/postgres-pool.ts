import { once } from 'node:events'
import { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Result, Run } from './dialect.ts'
import { WrongDatabase } from './migrate.ts'
import { isOfConnection, isOfStalePlan, translated } from './postgres-errors.ts'
import { assertUsable, explainServer } from './postgres-trouble.ts'

// What a URL may set of ours, beside what libpq and `pg` know. While a server hangs, a request waits for a connection
// or for a statement, or at worst for one after the other: 10 seconds in all.
const defaults = {
  pool_size: 10,
  /** Seconds to wait for a connection. */
  connect_timeout: 3,
  /** Milliseconds after which the server gives a statement up. */
  statement_timeout: 6000,
}
// A server that has stopped answering does not end its statements: this much later, in milliseconds, we do.
const timeToAnswer = 1000
// How long a transaction may ask nothing, in milliseconds: no longer than others wait for its locks, but longer than a
// process may be held up on a busy machine.
const idleInTransaction = 5000
// A plan is kept while tables grow: one made while a table was small would go on reading all of it. And what can be read
// in no other way looks so dear then that it would be compiled first.
const planning = '-c enable_seqscan=off -c jit=off'
// How long closing waits for the next thing to happen, in milliseconds.
const patience = 1000

/** Connections to a server, and how to end them. */
export interface Connections {
  pool: pg.Pool
  /** Lets what runs and waits finish; what does not get on is cut off, as is a server that does not say goodbye. */
  close(): Promise<void>
}

/** Connections to the server that `url` names, through its `pooler` where it names one. */
export function openPool(url: string): Connections {
  const sockets = new Set<Socket>()
  const pool = new pg.Pool({
    ...connectionOptions(url, 'ndoto', 'pooler'),
    stream() {
      const socket = new Socket()
      sockets.add(socket)
      return socket.on('close', () => sockets.delete(socket))
    },
  })
  // Without listeners, a connection that breaks while nobody asks anything of it would end the process: while it is in
  // the pool, and while a transaction has it.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  let closed: Promise<void> | undefined
  return {
    pool,
    close() {
      closed ??= close(pool, sockets)
      return closed
    },
  }
}

/**
 * What `work` gives, with a connection of its own. On one to the server itself statements take as long as they take.
 * Throws WrongDatabase, with a sentence for the operator, where the server cannot be used.
 */
export async function alone<T>(
  url: string,
  work: (client: pg.Client) => Promise<T>,
  to: Door = 'server',
): Promise<T> {
  let client: pg.Client | undefined
  try {
    const unbounded = to === 'server' ? { query_timeout: 0 } : {}
    client = new pg.Client({ ...connectionOptions(url, 'ndoto', to), ...unbounded })
    client.on('error', () => {})
    await client.connect()
    if (to === 'server') await client.query('set statement_timeout = 0')
    await assertUsable(client)
    const value = await work(client)
    await client.end()
    return value
  } catch (error) {
    // A server that hangs does not say goodbye.
    client?.end().catch(() => {})
    if (error instanceof WrongDatabase) throw error
    const sentence = explainServer(error, addressOf(url, to).href)
    throw sentence === undefined ? translated(error) : new WrongDatabase(sentence, { cause: error })
  }
}

/** Where connections lead: to the server itself, or where the URL names one to the pooler before it. */
export type Door = 'server' | 'pooler'

/** What of a URL is for us, not for the server. */
export function settingsOf(url: string) {
  const { searchParams } = new URL(url)
  const number = (name: keyof typeof defaults) => Number(searchParams.get(name) ?? defaults[name])
  return {
    poolSize: number('pool_size'),
    /** Milliseconds. */
    connectTimeout: number('connect_timeout') * 1000,
    /** Milliseconds. */
    statementTimeout: number('statement_timeout'),
    /** `HOST:PORT`. */
    pooler: searchParams.get('pooler') ?? undefined,
  }
}

/** How to connect to the server that `url` names; docs/configuration.md lists the options. `name` is shown to the server. */
export function connectionOptions(url: string, name: string, to: Door = 'server') {
  const { poolSize, connectTimeout, statementTimeout, pooler } = settingsOf(url)
  const address = addressOf(url, to)
  if (!address.searchParams.has('application_name')) address.searchParams.set('application_name', name)
  const options = {
    max: poolSize,
    connectionTimeoutMillis: connectTimeout,
    query_timeout: statementTimeout + timeToAnswer,
    keepAlive: true,
    types: { getTypeParser },
  }
  // A pooler lends sessions to others, too: their settings are the role's, and it refuses connections that bring some.
  if (pooler && to === 'pooler') return { ...options, connectionString: address.href }
  // Of two, the last one counts.
  address.searchParams.set('options', `${planning} ${address.searchParams.get('options') ?? ''}`)
  return {
    ...options,
    connectionString: address.href,
    statement_timeout: statementTimeout,
    idle_in_transaction_session_timeout: idleInTransaction,
  }
}

/** The URL without what is for us. */
function addressOf(url: string, to: Door): URL {
  const address = new URL(url)
  const pooler = address.searchParams.get('pooler')
  const ours = ['pooler', ...Object.keys(defaults)]
  if (pooler && to === 'pooler') {
    address.host = pooler
    // They would win.
    ours.push('host', 'port')
  }
  for (const name of ours) address.searchParams.delete(name)
  return address
}

const int8 = 20
const numeric = 1700

// Ids, times and sums are below 2^53; as text they would be other values than SQLite's.
function getTypeParser(type: number, format?: 'text' | 'binary'): (text: string) => unknown {
  if (type === int8 || type === numeric) return Number
  return pg.types.getTypeParser(type, format as 'text')
}

async function close(pool: pg.Pool, sockets: Set<Socket>): Promise<void> {
  const isBusy = () => pool.totalCount > pool.idleCount || pool.waitingCount > 0
  while (isBusy() && (await soon(once(pool, 'release')))) {}
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  if (isBusy()) cut()
  await pool.end()
  await soon(Promise.all([...sockets].map((socket) => once(socket, 'close'))))
  cut()
}

/** Whether something happens before our patience is at its end. */
function soon(event: Promise<unknown>): Promise<boolean> {
  const happened = event.then(
    () => true,
    () => true,
  )
  return Promise.race([happened, sleep(patience, false)])
}

const prepared = new Map<string, { name: string; text: string }>()
// Raised when what was planned fits no more.
let generation = 0

/**
 * The statement's name on each connection: the server parses and plans it once for each. A pooler goes by the text
 * instead, so that is another one in each generation, too.
 */
function named(sql: string): { name: string; text: string } {
  let statement = prepared.get(sql)
  if (!statement) {
    const name = `${prefix()}${prepared.size + 1}`
    statement = { name, text: generation === 0 ? sql : `${sql} /* ${generation} */` }
    prepared.set(sql, statement)
  }
  return statement
}

function prefix(): string {
  return `ndoto_${generation}_`
}

/** A connection for oneself, to be released. Throws a Refusal `unavailable` where there is none in time. */
export async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect()
  } catch (error) {
    throw translated(error)
  }
}

/** Runs one statement on some connection, as `runOn`. */
export async function runIn(pool: pg.Pool, ...statement: Parameters<Run>): Promise<Result> {
  const client = await connect(pool)
  try {
    return await runOn(client, ...statement)
  } finally {
    client.release()
  }
}

/** Runs one statement. Throws a Refusal `unavailable` where the server cannot be reached or cannot do it now. */
export async function runOn(
  client: pg.Client | pg.PoolClient,
  ...[sql, parameters, kept]: Parameters<Run>
): Promise<Result> {
  const query = kept ? named(sql) : { text: sql }
  const { rows, rowCount } = await ask(client, { ...query, values: parameters as unknown[] })
  return { rows, changes: rowCount ?? 0 }
}

/** Sends a query as the driver does, and throws as `runOn` does. */
export async function ask(client: pg.Client | pg.PoolClient, query: pg.QueryConfig): Promise<pg.QueryResult> {
  try {
    return await client.query(query)
  } catch (error) {
    if (isOfStalePlan(error) && query.name?.startsWith(prefix())) {
      generation++
      prepared.clear()
    }
    // Else what is asked next, the rollback too, would wait behind what is not answered.
    if (isOfConnection(error)) (client as pg.Client).end()
    throw translated(error)
  }
}
