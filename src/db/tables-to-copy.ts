import type { ClientBase } from 'pg'
import type { Connection } from './connection.ts'
import type { Tables } from './tables.ts'

/** Differences between the engines that the tables themselves do not show. */
export interface CopyRules {
  /** Tables that are not copied, because each database fills its own. */
  skippedTables?: readonly string[]
  /** Columns that only SQLite has, as `table.column`. */
  sqliteColumns?: readonly string[]
  /** Sequences of PostgreSQL, and the counter of SQLite that takes their place. */
  sequences?: Readonly<Record<string, keyof Tables>>
}

/** A table of both engines, with what is copied of it from SQLite. */
export interface Table {
  name: string
  /** With the types of PostgreSQL. */
  columns: { name: string; type: string }[]
  /** The columns of the primary key. */
  key: string[]
}

/**
 * Returns the tables to copy, in an order in which each comes after the tables that it refers to. Throws if only one of
 * the engines has a table or column, so that no data is forgotten, unless only that engine needs it: `sqliteColumns`, and
 * columns of PostgreSQL with a default.
 */
export async function tablesToCopy(
  source: Connection,
  target: ClientBase,
  { skippedTables, sqliteColumns }: Required<Pick<CopyRules, 'skippedTables' | 'sqliteColumns'>>,
): Promise<Table[]> {
  const { rows: sourceRows } =
    source.run(`select t.name as "table", c.name, c.pk from pragma_table_list t, pragma_table_info(t.name) c
    where t.schema = 'main' and t.type = 'table' and t.name not like 'sqlite\\_%' escape '\\' order by t.name, c.cid`)
  const { rows: targetRows } = await target.query(`select c.relname as table, a.attname as name,
      format_type(a.atttypid, a.atttypmod) as type, pg_get_expr(d.adbin, d.adrelid) as value
    from pg_class c join pg_attribute a on a.attrelid = c.oid
      left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and a.attnum > 0
      and not a.attisdropped and a.attgenerated = ''
    order by c.oid, a.attnum`)
  const isCopied = ({ table }: Column) => table !== 'migrations' && !skippedTables.includes(table)
  const sourceColumns = (sourceRows as Column[]).filter(isCopied)
  const targetColumns = (targetRows as Column[]).filter(isCopied)
  const hasDefault = ({ value }: Column) => typeof value === 'string'
  const missing = [
    ...without(sourceColumns, targetColumns, (column) => sqliteColumns.includes(nameOf(column))),
    ...without(targetColumns, sourceColumns, hasDefault),
  ]
  if (missing.length > 0) throw new Error(`only one of the engines has ${missing.join(', ')}`)
  const shared = new Set(sourceColumns.map(nameOf))
  const tables = Map.groupBy(targetColumns, ({ table }) => table)
  const all = [...tables].map(([name, columns]) => ({
    name,
    columns: columns.filter((column) => shared.has(nameOf(column))) as Table['columns'],
    key: keyOf(sourceColumns, name),
  }))
  return sortByReferences(all, await readReferences(target))
}

interface Column {
  table: string
  name: string
  type?: string
  /** Only on SQLite: its position in the primary key, from 1, or 0. */
  pk?: number
  /** Only on PostgreSQL: the expression of its default. */
  value?: string | null
}

function nameOf({ table, name }: Column): string {
  return `${table}.${name}`
}

/** Returns the names of the columns that are not among `others`, except for those that only its engine needs. */
function without(columns: Column[], others: Column[], isOwn: (one: Column) => boolean): string[] {
  const names = new Set(others.map(nameOf))
  return columns.filter((one) => !names.has(nameOf(one)) && !isOwn(one)).map(nameOf)
}

function keyOf(columns: Column[], table: string): string[] {
  const key = columns.filter((column) => column.table === table && column.pk! > 0)
  return key.sort((one, other) => one.pk! - other.pk!).map(({ name }) => name)
}

async function readReferences(target: ClientBase): Promise<{ from: string; to: string }[]> {
  const { rows } = await target.query(`select f.relname as from, t.relname as to from pg_constraint k
    join pg_class f on f.oid = k.conrelid join pg_class t on t.oid = k.confrelid
    where k.contype = 'f' and k.connamespace = current_schema()::regnamespace and f.oid <> t.oid`)
  return rows
}

function sortByReferences(tables: Table[], references: { from: string; to: string }[]): Table[] {
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
