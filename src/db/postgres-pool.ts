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

/** Connections to the server that `url` names. */
export function openPool(url: string): Connections {
  const sockets = new Set<Socket>()
  const pool = new pg.Pool({
    ...connectionOptions(url, 'ndoto'),
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
 * What `work` gives, with a connection of its own on which statements take as long as they take. Throws WrongDatabase,
 * with a sentence for the operator, where the server cannot be used.
 */
export async function alone<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  let client: pg.Client | undefined
  try {
    client = new pg.Client({ ...connectionOptions(url, 'ndoto'), query_timeout: 0 })
    client.on('error', () => {})
    await client.connect()
    await client.query('set statement_timeout = 0')
    await assertUsable(client)
    const value = await work(client)
    await client.end()
    return value
  } catch (error) {
    // A server that hangs does not say goodbye.
    client?.end().catch(() => {})
    if (error instanceof WrongDatabase) throw error
    const sentence = explainServer(error, url)
    throw sentence === undefined ? translated(error) : new WrongDatabase(sentence, { cause: error })
  }
}

/** How to connect to the server that `url` names; what it sets is in README.md. `name` is shown to the server. */
export function connectionOptions(url: string, name: string) {
  const address = new URL(url)
  const setting = (key: keyof typeof defaults) => {
    const value = Number(address.searchParams.get(key) ?? defaults[key])
    address.searchParams.delete(key)
    return value
  }
  const max = setting('pool_size')
  const connectionTimeoutMillis = setting('connect_timeout') * 1000
  const statement_timeout = setting('statement_timeout')
  if (!address.searchParams.has('application_name')) address.searchParams.set('application_name', name)
  // Of two, the last one counts.
  address.searchParams.set('options', `${planning} ${address.searchParams.get('options') ?? ''}`)
  return {
    connectionString: address.href,
    max,
    connectionTimeoutMillis,
    statement_timeout,
    query_timeout: statement_timeout + timeToAnswer,
    idle_in_transaction_session_timeout: idleInTransaction,
    keepAlive: true,
    types: { getTypeParser },
  }
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

const names = new Map<string, string>()
let named = 0

/** The statement's name on each connection: the server parses and plans it once for each. */
function nameOf(sql: string): string {
  let name = names.get(sql)
  if (!name) {
    name = `ndoto_${++named}`
    names.set(sql, name)
  }
  return name
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
  const name = kept ? nameOf(sql) : undefined
  const { rows, rowCount } = await ask(client, { text: sql, values: parameters as unknown[], name })
  return { rows, changes: rowCount ?? 0 }
}

/** Sends a query as the driver does, and throws as `runOn` does. */
export async function ask(client: pg.Client | pg.PoolClient, query: pg.QueryConfig): Promise<pg.QueryResult> {
  try {
    return await client.query(query)
  } catch (error) {
    // Under new names all are planned anew, on every connection.
    if (isOfStalePlan(error) && names.get(query.text) === query.name) names.clear()
    // Else what is asked next, the rollback too, would wait behind what is not answered.
    if (isOfConnection(error)) (client as pg.Client).end()
    throw translated(error)
  }
}
