import type { ClientBase } from 'pg'
import type { Connection } from './connection.ts'

/** A table that both engines have, as it is copied from SQLite. */
export interface Table {
  name: string
  /** With the types of PostgreSQL. */
  columns: { name: string; type: string }[]
  /** The columns of the primary key. */
  key: string[]
}

// What an engine makes by itself. On SQLite the number of a search document is its place in the index; on PostgreSQL
// events have an id before they have a position.
const onlyOnSqlite = ['search_documents.id']
const onlyOnPostgres = ['events.id']
// FTS5's index over the search documents with its shadow tables, and what each engine keeps for itself. With another
// secret in file_links, links to files that were given before end.
const ownTables = /^(?:search_index.*|sqlite_.*|migrations|file_links)$/

/** Whether a table is not copied, since each database makes its own. */
export function isOwnTable(name: string): boolean {
  return ownTables.test(name)
}

/**
 * The tables to copy, what is referred to before what refers to it. Throws where an engine has a table or a column that
 * the other has not: nothing may be forgotten.
 */
export async function copiedTables(source: Connection, target: ClientBase): Promise<Table[]> {
  const { rows: here } =
    source.run(`select t.name as "table", c.name, c.pk from sqlite_schema t, pragma_table_info(t.name) c
    where t.type = 'table' order by t.name, c.cid`)
  const { rows: there } = await target.query(`select c.relname as table, a.attname as name,
      format_type(a.atttypid, a.atttypmod) as type
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and a.attnum > 0
      and not a.attisdropped and a.attgenerated = ''
    order by c.oid, a.attnum`)
  const kept = (here as Column[]).filter(({ table }) => !isOwnTable(table))
  const wanted = (there as Column[]).filter(({ table }) => !isOwnTable(table))
  const missing = [
    ...without(kept, [...wanted.map(nameOf), ...onlyOnSqlite]),
    ...without(wanted, [...kept.map(nameOf), ...onlyOnPostgres]),
  ]
  if (missing.length > 0) throw new Error(`only one of the engines has ${missing.join(', ')}`)
  const shared = new Set(kept.map(nameOf))
  const tables = Map.groupBy(wanted, ({ table }) => table)
  const all = [...tables].map(([name, columns]) => ({
    name,
    columns: columns.filter((column) => shared.has(nameOf(column))) as Table['columns'],
    key: keyOf(kept, name),
  }))
  return inOrder(all, await references(target))
}

interface Column {
  table: string
  name: string
  type?: string
  /** Its place in the primary key, or 0. */
  pk?: number
}

function nameOf({ table, name }: Column): string {
  return `${table}.${name}`
}

function without(columns: Column[], known: string[]): string[] {
  const names = new Set(known)
  return columns.map(nameOf).filter((name) => !names.has(name))
}

function keyOf(columns: Column[], table: string): string[] {
  const key = columns.filter((column) => column.table === table && column.pk! > 0)
  return key.sort((one, other) => one.pk! - other.pk!).map(({ name }) => name)
}

async function references(target: ClientBase): Promise<{ from: string; to: string }[]> {
  const { rows } = await target.query(`select f.relname as from, t.relname as to from pg_constraint k
    join pg_class f on f.oid = k.conrelid join pg_class t on t.oid = k.confrelid
    where k.contype = 'f' and k.connamespace = current_schema()::regnamespace and f.oid <> t.oid`)
  return rows
}

function inOrder(tables: Table[], references: { from: string; to: string }[]): Table[] {
  const ordered: Table[] = []
  let rest = tables
  while (rest.length > 0) {
    const names = new Set(rest.map(({ name }) => name))
    const isFree = ({ name }: Table) => !references.some(({ from, to }) => from === name && names.has(to))
    const free = rest.filter(isFree)
    if (free.length === 0) throw new Error(`tables refer to each other in a circle: ${[...names].join(', ')}`)
    ordered.push(...free)
    rest = rest.filter((table) => !free.includes(table))
  }
  return ordered
}
