import { once } from 'node:events'
import { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Result, Run } from './dialect.ts'
import { WrongDatabase } from './migrate.ts'
import { assertUsable, explainServerError } from './postgres-diagnosis.ts'
import { endsConnection, isStalePlan, translateError } from './postgres-errors.ts'

// Options of the URL in addition to those of libpq and `pg`. If the server hangs, a request waits for a connection and
// then for a statement: 10 seconds at most.
const defaults = {
  pool_size: 10,
  /** Seconds to wait for a connection. */
  connect_timeout: 3,
  /** Milliseconds after which the server cancels a statement. */
  statement_timeout: 6000,
}
// A server that hangs does not cancel its statements, so the client gives up this many milliseconds later.
const responseTime = 1000
// How long a transaction may be idle, in milliseconds: less than others wait for its locks, but more than a busy
// machine may pause this process.
const idleInTransaction = 5000
// Plans are cached while tables grow: a sequential scan planned for a small table would later read a large one. Where
// no other plan exists, disabling it makes the estimated cost so high that the query would be JIT-compiled.
const planning = '-c enable_seqscan=off -c jit=off'
// How long closing waits for progress, in milliseconds.
const closeTimeout = 1000

/** A pool of connections to a server. */
export interface Connections {
  pool: pg.Pool
  /** Waits for running and queued work. Cuts off connections that make no progress or do not close. */
  close(): Promise<void>
}

/** Opens a pool of connections to the server of `url`, or to its `pooler` if it has one. */
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
  // Without these listeners, an idle connection that breaks would end the process: in the pool, and in a transaction.
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
 * Runs `work` with its own connection, and returns its result. Statements have no timeout, except through the pooler.
 * Throws WrongDatabase, with a message for the operator, if the server cannot be used.
 */
export async function withConnection<T>(
  url: string,
  work: (client: pg.Client) => Promise<T>,
  to: Endpoint = 'server',
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
    // Not awaited, because a server that hangs does not close the connection.
    client?.end().catch(() => {})
    if (error instanceof WrongDatabase) throw error
    const sentence = explainServerError(error, addressOf(url, to).href)
    throw sentence === undefined ? translateError(error) : new WrongDatabase(sentence, { cause: error })
  }
}

/** Where to connect to: the server itself, or the pooler if the URL has one. */
export type Endpoint = 'server' | 'pooler'

/** Returns the options of a URL that are for Ndoto, not for the server. */
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

/** Returns the options of `pg` for `url` (see docs/configuration.md). The server lists the connection as `name`. */
export function connectionOptions(url: string, name: string, to: Endpoint = 'server') {
  const { poolSize, connectTimeout, statementTimeout, pooler } = settingsOf(url)
  const address = addressOf(url, to)
  if (!address.searchParams.has('application_name')) address.searchParams.set('application_name', name)
  const options = {
    max: poolSize,
    connectionTimeoutMillis: connectTimeout,
    query_timeout: statementTimeout + responseTime,
    keepAlive: true,
    types: { getTypeParser },
  }
  // A pooler shares sessions between clients and refuses connections with settings, so the role must have them.
  if (pooler && to === 'pooler') return { ...options, connectionString: address.href }
  // If an option is set twice, the last one counts.
  address.searchParams.set('options', `${planning} ${address.searchParams.get('options') ?? ''}`)
  return {
    ...options,
    connectionString: address.href,
    statement_timeout: statementTimeout,
    idle_in_transaction_session_timeout: idleInTransaction,
  }
}

/** Returns the URL without the options that are for Ndoto. */
function addressOf(url: string, to: Endpoint): URL {
  const address = new URL(url)
  const pooler = address.searchParams.get('pooler')
  const ownOptions = ['pooler', ...Object.keys(defaults)]
  if (pooler && to === 'pooler') {
    address.host = pooler
    // They would override the host of the URL.
    ownOptions.push('host', 'port')
  }
  for (const name of ownOptions) address.searchParams.delete(name)
  return address
}

const int8 = 20
const numeric = 1700

// Ids, times and sums are below 2^53. The default is text, which would differ from SQLite.
function getTypeParser(type: number, format?: 'text' | 'binary'): (text: string) => unknown {
  if (type === int8 || type === numeric) return Number
  return pg.types.getTypeParser(type, format as 'text')
}

async function close(pool: pg.Pool, sockets: Set<Socket>): Promise<void> {
  const isBusy = () => pool.totalCount > pool.idleCount || pool.waitingCount > 0
  while (isBusy() && (await settlesInTime(once(pool, 'release')))) {}
  const destroyAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  if (isBusy()) destroyAll()
  await pool.end()
  await settlesInTime(Promise.all([...sockets].map((socket) => once(socket, 'close'))))
  destroyAll()
}

/** Whether `event` settles within `closeTimeout`. */
function settlesInTime(event: Promise<unknown>): Promise<boolean> {
  const settled = event.then(
    () => true,
    () => true,
  )
  return Promise.race([settled, sleep(closeTimeout, false)])
}

const prepared = new Map<string, { name: string; text: string }>()
// Incremented when cached plans are stale.
let generation = 0

/**
 * Names a statement, so that the server parses and plans it only once per connection. The text must differ between
 * generations too, because a pooler identifies statements by their text.
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

/** Takes a connection out of the pool; release it. Throws a Refusal `unavailable` if none is free in time. */
export async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect()
  } catch (error) {
    throw translateError(error)
  }
}

/** Runs one statement on any connection of the pool. Throws like `runOnClient`. */
export async function runInPool(pool: pg.Pool, ...statement: Parameters<Run>): Promise<Result> {
  const client = await connect(pool)
  try {
    return await runOnClient(client, ...statement)
  } finally {
    client.release()
  }
}

/** Runs one statement. Throws a Refusal `unavailable` if the server cannot be reached or is not able to run it now. */
export async function runOnClient(
  client: pg.Client | pg.PoolClient,
  ...[sql, parameters, isPrepared]: Parameters<Run>
): Promise<Result> {
  const query = isPrepared ? named(sql) : { text: sql }
  const { rows, rowCount } = await sendQuery(client, { ...query, values: parameters as unknown[] })
  return { rows, changes: rowCount ?? 0 }
}

/** Sends a query and returns the result of the driver. Throws like `runOnClient`. */
export async function sendQuery(
  client: pg.Client | pg.PoolClient,
  query: pg.QueryConfig,
): Promise<pg.QueryResult> {
  try {
    return await client.query(query)
  } catch (error) {
    if (isStalePlan(error) && query.name?.startsWith(prefix())) {
      generation++
      prepared.clear()
    }
    // Otherwise the next query, such as the rollback, would wait for the response that never comes.
    if (endsConnection(error)) (client as pg.Client).end()
    throw translateError(error)
  }
}
