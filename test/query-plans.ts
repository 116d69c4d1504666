import assert from 'node:assert/strict'
import { constants, DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { CompiledQuery, sql } from 'kysely'
import { withoutBareLimits } from '../src/db/connection.ts'
import type { Database, Engine, Queries } from '../src/db/database.ts'
import { queriesOver } from '../src/db/dialect.ts'

/** A node of a plan of PostgreSQL. */
interface Node {
  'Node Type': string
  'Relation Name'?: string
  'Index Name'?: string
  'Index Cond'?: string
  'Plan Rows': number
  'Sort Key'?: string[]
  Plans?: Node[]
}

/** The tables that grow with an account. */
const growing =
  /^(conversations|contacts|contact_inboxes|contact_secrets|messages|conversation_labels|contact_labels|companies|company_words|events|search_documents|mails|mail_people|automatic_mails|bulk_action_targets|contact_import_faults|moved_messages|notifications|notification_digests|webhooks|visitor_labels)$/

/** Returns Queries that run what they are given, and a list of what they have run. */
export function recording(queries: Queries): { queries: Queries; seen: CompiledQuery[] } {
  const seen: CompiledQuery[] = []
  const recorder = queriesOver(queries.engine, queries.slots, async (sql, parameters) => {
    const query = CompiledQuery.raw(sql, [...parameters])
    seen.push(query)
    return { rows: await queries.run(query), changes: 0 }
  })
  return { queries: recorder, seen }
}

/**
 * Returns what is wrong with the plan of a query: a scan of a table that grows, a key that leaves many rows of the account,
 * or a sort of more than `mostSorted` rows. Needs tables with many rows and statistics.
 */
export async function faultsOf(
  queries: Queries,
  query: CompiledQuery,
  mostSorted: number,
): Promise<string[]> {
  return faults[queries.engine](queries, query, mostSorted)
}

const faults: Record<Engine, typeof faultsOf> = {
  async sqlite(queries, query) {
    const rows = (await queries.run({ ...query, sql: `explain query plan ${query.sql}` })) as {
      detail: string
    }[]
    // An index of the account in the order of the list may be read until the limit.
    const isOrdered =
      /\blimit\b/.test(query.sql) && !rows.some(({ detail }) => detail.startsWith('USE TEMP B-TREE'))
    return rows.flatMap(({ detail }) => {
      const [, table, columns] =
        /^(?:SEARCH|SCAN) (\w+) USING .*?(?:\((.*)\))?(?: LEFT-JOIN)?$/.exec(detail) ?? []
      const name = table && tableOf(query.sql, table)
      if (/^SCAN \w+$/.test(detail)) {
        const [, scanned] = /^SCAN (\w+)$/.exec(detail)!
        return isTable(query.sql, scanned!) ? [detail] : []
      }
      if (!name || !growing.test(name)) return []
      // Many conversations have the same status, inbox or team.
      const rough = name === 'conversations' ? /^(status|inbox_id|team_id)\b/ : /^status\b/
      const selective = columns?.split(' AND ').filter((one) => !rough.test(one))
      return isOrdered || (selective?.length ?? 0) > 1 ? [] : [detail]
    })
  },
  async postgres(queries, query, mostSorted) {
    const [row] = await queries.run({ ...query, sql: `explain (format json) ${query.sql}` })
    const { Plan } = (row as { 'QUERY PLAN': [{ Plan: Node }] })['QUERY PLAN'][0]
    const isOrdered =
      /\blimit\b/.test(query.sql) && !nodesOf(Plan).some((node) => node['Node Type'] === 'Sort')
    return nodesOf(Plan).flatMap((node) => {
      const what = `${node['Node Type']} ${node['Relation Name'] ?? ''} (${node['Index Cond'] ?? node['Sort Key'] ?? ''})`
      if (node['Node Type'] === 'Seq Scan' && growing.test(node['Relation Name']!)) return [what]
      if (node['Node Type'] === 'Sort') {
        const rows = Math.max(...node.Plans!.map((one) => one['Plan Rows']))
        return rows > mostSorted ? [`${what} of ${rows} rows`] : []
      }
      const isScan =
        /Index (?:Only )?Scan$/.test(node['Node Type']) && growing.test(node['Relation Name'] ?? '')
      return isScan && !isOrdered && (node['Index Cond']?.split(' AND ').length ?? 0) < 2 ? [what] : []
    })
  },
}

/**
 * Returns the indexes that a query reads, with the number of conditions on their columns: `events_message (2)`. The index of
 * a primary key has the name of the table.
 */
export async function indexesOf(queries: Queries, query: CompiledQuery): Promise<string[]> {
  if (queries.engine === 'sqlite') {
    const rows = await queries.run({ ...query, sql: `explain query plan ${query.sql}` })
    return (rows as { detail: string }[]).flatMap(({ detail }) => {
      const [, table, index, columns] =
        /^(?:SEARCH|SCAN) (\w+) USING (?:PRIMARY KEY|(?:COVERING )?INDEX (\w+))(?: \((.*)\))?/.exec(detail) ??
        []
      if (!table) return []
      const count = new Set(columns?.match(/\w+(?=[<>=])/g)).size
      return [`${index?.replace(/^sqlite_autoindex_(\w+)_\d+$/, '$1') ?? table} (${count})`]
    })
  }
  const [row] = await queries.run({ ...query, sql: `explain (format json) ${query.sql}` })
  const { Plan } = (row as { 'QUERY PLAN': [{ Plan: Node }] })['QUERY PLAN'][0]
  return nodesOf(Plan).flatMap((node) => {
    const index = node['Index Name']?.replace(/_pkey$/, '')
    const columns = new Set(node['Index Cond']?.match(/\w+(?="? (?:[<>=]|IS))/g))
    return index ? [`${index} (${columns.size})`] : []
  })
}

/** The nodes of a plan. The scan of an index for a bitmap gets the name of the table. */
function nodesOf(node: Node, table?: string): Node[] {
  const name = node['Relation Name'] ?? table
  const own = name === undefined ? node : { ...node, 'Relation Name': name }
  const inner = node['Node Type'].startsWith('Bitmap') ? name : undefined
  return [own, ...(node.Plans ?? []).flatMap((one) => nodesOf(one, inner))]
}

/** The table of an alias; undefined if it stands for a subquery. */
function tableOf(text: string, alias: string): string | undefined {
  if (growing.test(alias)) return alias
  return new RegExp(`"?\\b(\\w+)"?(?: as)? "?${alias}"?\\b`).exec(
    text.replaceAll(/\b(from|join)\s+\(/g, '('),
  )?.[1]
}

function isTable(text: string, alias: string): boolean {
  return growing.test(tableOf(text, alias) ?? '')
}

/**
 * Fills tables of account 1. Each statement is an `insert into TABLE (COLUMNS) select …`, to which `numbers` is a table with
 * `n` from 100 to 50,000.
 */
export async function fillTables(database: Database, statements: readonly string[]): Promise<void> {
  const numbers =
    'with recursive numbers (n) as (select 100 union all select n + 1 from numbers where n < 50000)'
  await database.transaction(1, async (tx) => {
    for (const statement of statements) {
      const [, head, select] = /^(insert into [^)]*\))\s*(select.*)$/s.exec(statement)!
      await sql.raw(`${head} ${numbers} ${select}`).execute(tx.sql)
    }
    if (tx.engine === 'postgres') await sql.raw('analyze').execute(tx.sql)
  })
}

/**
 * Whether SQLite compiles a query each time that it runs: then the value of a parameter could change its plan. The index of
 * words compiles queries of its own.
 */
export async function isCompiledAgain(
  queries: Queries,
  { sql: text, parameters }: CompiledQuery,
): Promise<boolean> {
  const isRead = !/\b(insert into|update|delete from)\b/.test(text)
  if (queries.engine !== 'sqlite' || !isRead || text.includes('search_index')) return false
  const [main] = (await sql.raw('pragma database_list').execute(queries.sql)).rows as { file: string }[]
  using database = new DatabaseSync(main!.file, { readOnly: true })
  let compiled = 0
  database.setAuthorizer(() => {
    compiled += 1
    return constants.SQLITE_OK
  })
  database.function('file_link', { varargs: true }, () => '')
  const statement = database.prepare(withoutBareLimits(text))
  const run = () => statement.all(...(parameters as SQLInputValue[]))
  run()
  const before = compiled
  run()
  return compiled > before
}

/** Asserts that `read` runs only queries whose cost does not grow with the account, and that are compiled once. */
export async function assertFlat(
  queries: Queries,
  read: (queries: Queries) => Promise<unknown>,
  mostSorted = 10_000,
): Promise<void> {
  const { queries: recorder, seen } = recording(queries)
  await read(recorder)
  assert.ok(seen.length > 0, 'no query was seen')
  for (const query of seen) {
    const found = await faultsOf(queries, query, mostSorted)
    const text = `${query.sql}\n${JSON.stringify(query.parameters)}`
    assert.deepEqual(found, [], text)
    assert.equal(await isCompiledAgain(queries, query), false, `compiled each time that it runs: ${text}`)
  }
}
