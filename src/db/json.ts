import { type Expression, type RawBuilder, sql } from 'kysely'

/*
 * JSON built inside the database. A page of messages comes out of one query as the text that is sent: no row objects,
 * no second serialization (`bench/list.ts` has what that saves). The expressions are SQLite's.
 */

/** An object whose values are these expressions, in this order; as JSON text. */
export function jsonObject(fields: Record<string, Expression<unknown>>): RawBuilder<string> {
  const pairs = Object.entries(fields).map(([name, value]) => sql`${sql.lit(name)}, ${value}`)
  return sql<string>`json_object(${sql.join(pairs)})`
}

/** What is stored as JSON text, as a value inside other JSON. */
export function jsonText(column: string): RawBuilder<unknown> {
  return sql`json(${sql.ref(column)})`
}

/** 0 or 1 as a JSON boolean. */
export function jsonBoolean(column: string): RawBuilder<unknown> {
  return sql`json(case when ${sql.ref(column)} = 1 then 'true' else 'false' end)`
}

/** Milliseconds as the whole seconds that the API shows. */
export function jsonSeconds(column: string): RawBuilder<unknown> {
  return sql`${sql.ref(column)} / 1000`
}

/** The elements of a JSON list without its brackets, in the order of `order`: pieces of one list can be joined. */
export function jsonElements(element: string, order: string): RawBuilder<string | null> {
  return sql<string | null>`group_concat(${sql.ref(element)}, ',' order by ${sql.ref(order)})`
}
