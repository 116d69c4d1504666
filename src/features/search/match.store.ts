import { type RawBuilder, sql } from 'kysely'
import type { Engine, Queries } from '../../db/database.ts'
import type { Tables } from '../../db/tables.ts'

/** Documents of one kind in an account, with ids from `from` to the one before `before`. */
export interface Documents {
  account_id: number
  subject: Tables['search_documents']['subject']
  from: number
  before: number
}

/** What the index looks up: a whole word, a beginning that it contains, or any other beginning. */
export interface Lookup {
  text: string
  kind: 'word' | 'beginning' | 'prefix'
  /** Beginnings that are looked up as well. */
  beginnings?: string[]
}

/** A message or contact that matches. */
export interface Match {
  subject_id: number
  conversation_id: number | null
}

// How many of the newest ids `sampleBeginning` covers.
const sampledIds = 4096

/** Returns the id of the newest document of this kind in the account; 0 if there is none. */
export async function newestDocument(
  queries: Queries,
  { account_id, subject }: Pick<Documents, 'account_id' | 'subject'>,
): Promise<number> {
  const row = await queries.sql
    .selectFrom('search_documents')
    .select('subject_id')
    .where('account_id', '=', account_id)
    .where('subject', '=', subject)
    .orderBy('subject_id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.subject_id ?? 0
}

/** What was seen of the newest documents with a beginning. */
export interface Sample {
  /** How many of them contain the word. */
  count: number
  /** Every document with the beginning was looked at from this id on. */
  completeFrom: number
}

/**
 * Looks at up to `limit` new documents with a beginning for those that contain `part`, which shows whether words with a
 * longer beginning are common.
 */
export async function sampleBeginning(
  queries: Queries,
  documents: Documents,
  lookup: Lookup,
  part: string,
  limit: number,
): Promise<Sample> {
  const from = Math.max(documents.from, documents.before - sampledIds)
  const range = { ...documents, from }
  const sample =
    queries.engine === 'sqlite'
      ? sql`${onSqlite(range, [lookup], limit)} i cross join ${documentOf(range)}`
      : sql`${onPostgres(range, [lookup], [], limit)} i join search_documents d
          on d.account_id = ${range.account_id} and d.subject = ${range.subject} and d.subject_id = i.subject_id`
  const counting = sql<{ size: number; count: number; oldest: number }>`select count(*) as size,
    count(case when ${contains(queries.engine, part)} then 1 end) as count, min(d.subject_id) as oldest from ${sample}`
  const { size, count, oldest } = (await counting.execute(queries.sql)).rows[0]!
  return { count, completeFrom: size < limit ? from : oldest }
}

/**
 * Returns the id of the document at a distance from the newest one with a word, on SQLite; undefined if there are not so
 * many.
 */
export async function documentAt(
  queries: Queries,
  documents: Documents,
  lookups: Lookup[],
  distance: number,
): Promise<number | undefined> {
  const row = sql<{ subject_id: number }>`select i.id - ${firstRow(documents)} as subject_id
    from ${onSqlite(documents, lookups, 1, distance)} i`
  return (await row.execute(queries.sql)).rows[0]?.subject_id
}

/** Returns the newest matches among the newest `read` documents that the index finds, on SQLite. */
export async function matchesOnSqlite(
  queries: Queries,
  documents: Documents,
  lookups: Lookup[],
  parts: string[],
  { limit, read }: { limit: number; read: number },
): Promise<Match[]> {
  const query = sql<Match>`select d.subject_id, d.conversation_id
    from ${onSqlite(documents, lookups, read)} i cross join ${documentOf(documents)}
    ${parts.length === 0 ? sql`` : sql`where ${all('sqlite', parts)}`} order by i.id desc limit ${limit}`
  return (await query.execute(queries.sql)).rows
}

/**
 * Returns the newest matches among the documents, on PostgreSQL. It reads all that the index finds there or, if it omits
 * the windows of these documents, in all documents of the kind. Without a lookup it always needs the windows.
 */
export async function matchesOnPostgres(
  queries: Queries,
  documents: Documents,
  lookups: Lookup[],
  parts: string[],
  { limit, omitsWindows }: { limit: number; omitsWindows: boolean },
): Promise<Match[]> {
  const found = sql<Match>`select * from ${onPostgres(documents, lookups, parts, limit, omitsWindows)}`
  return (await found.execute(queries.sql)).rows
}

function all(engine: Engine, parts: string[]): RawBuilder<boolean> {
  return sql.join(
    parts.map((part) => contains(engine, part)),
    sql` and `,
  ) as RawBuilder<boolean>
}

function contains(engine: Engine, part: string): RawBuilder<boolean> {
  const position = sql.raw(engine === 'sqlite' ? 'instr' : 'strpos')
  return sql<boolean>`${position}(' ' || d.words || ' ', ${part}) > 0`
}

/** The newest rows of the index, as a table with a column `id`. FTS5 ignores limits that are not integers. */
function onSqlite(documents: Documents, lookups: Lookup[], limit: number, offset = 0): RawBuilder<unknown> {
  const { from, before } = documents
  const row = (id: number) => sql`${firstRow(documents)} + cast(${id} as integer)`
  const query = lookups.map((lookup) => sqliteQuery(documents, lookup)).join(' AND ')
  return sql`(select rowid as id from search_index where search_index match ${query}
    and rowid between ${row(from)} and ${row(before - 1)} order by rowid desc limit ${limit} offset ${offset})`
}

// In the index, each word begins with what stands for the account and the kind.
const owner: Record<Engine, (of: Documents) => string> = {
  sqlite: ({ account_id, subject }) =>
    String.fromCodePoint(0xf0000 + ((account_id * 2 + (subject === 'message' ? 1 : 0)) % 65_534)),
  postgres: ({ account_id, subject }) => `${subject[0]}${account_id}.`,
}

function sqliteQuery(documents: Documents, { text, kind, beginnings = [] }: Lookup): string {
  const own = owner.sqlite(documents)
  const others = beginnings.map((one) => ` OR "${own}${one}"*`)
  return `("${own}${text}"${kind === 'word' ? '' : '*'}${others.join('')})`
}

function postgresQuery(documents: Documents, { text, kind, beginnings = [] }: Lookup): string {
  const own = owner.postgres(documents)
  const others = beginnings.map((one) => ` | '${own}${one}'`)
  return `('${own}${text}'${kind === 'prefix' ? ':*' : ''}${others.join('')})`
}

function firstRow({ account_id, subject }: Documents): RawBuilder<number> {
  return sql<number>`((cast(${account_id} as integer) << 40) + (${sql.lit(subject === 'message' ? 1 : 0)} << 39))`
}

function documentOf(documents: Documents): RawBuilder<unknown> {
  const { account_id, subject } = documents
  return sql`search_documents d on d.account_id = ${account_id} and d.subject = ${sql.lit(subject)}
    and d.subject_id = i.id - ${firstRow(documents)}`
}

function onPostgres(
  documents: Documents,
  lookups: Lookup[],
  parts: string[],
  limit: number,
  omitsWindows = false,
) {
  const { account_id, subject, from, before } = documents
  const words = lookups.map((lookup) => postgresQuery(documents, lookup))
  const windows = omitsWindows && words.length > 0 ? [] : [`(${windowsOf(documents).join(' | ')})`]
  const query = [...windows, ...words].join(' & ')
  // Words contain no signs that have a meaning in patterns.
  const patterns = JSON.stringify(parts.map((part) => `%${part}%`))
  const list = sql`array(select json_array_elements_text(cast(${patterns} as json)))`
  return sql`search_found(${account_id}, ${subject}, ${from}, ${before}, cast(${query} as tsquery), ${list}, ${limit})`
}

// The sizes of windows as powers of two. The largest is all ids.
const windowSizes = [10, 13, 16, 19, 22, 50]
// PostgreSQL compares each window with each match.
const mostWindows = 8

function windowsOf(documents: Documents): string[] {
  const { from, before } = documents
  const bits = windowSizes.find((one) => before - from <= mostWindows * 2 ** one)!
  const windowOf = (id: number) => Math.floor(id / 2 ** bits)
  const first = windowOf(from)
  return Array.from(
    { length: windowOf(before - 1) - first + 1 },
    (_, index) => `'${owner.postgres(documents)}@${bits}.${first + index}'`,
  )
}
