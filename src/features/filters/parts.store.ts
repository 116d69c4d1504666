import { type RawBuilder, sql } from 'kysely'
import type { Engine, Queries } from '../../db/database.ts'
import { json } from '../../db/json.ts'
import type { Filter, FilterKey, Test, Value, WalkQueries } from './schema.ts'

/** A condition: the row `c` matches a filter. */
export function matchesFilter(engine: Engine, filter: Filter): RawBuilder<boolean> {
  const groups = filter.map((tests) => {
    const all = tests.map((test) => {
      // Null, of a field without a value, is false before it is negated.
      return sql`case when ${conditionOf(engine, test)} then 1 else 0 end = ${sql.lit(test.isNegative ? 0 : 1)}`
    })
    return sql`(${sql.join(all, sql` and `)})`
  })
  return sql<boolean>`(${sql.join(groups, sql` or `)})`
}

/** Where a filter looks for rows. */
interface Source {
  table: 'conversations' | 'contacts'
  accountId: number
  /** A condition: the row `c` may be found. */
  visible: RawBuilder<boolean>
  /** A query for the ids of the rows with the values of the indexed test; undefined if there is none. */
  found: RawBuilder<{ id: number }> | undefined
}

/** The queries of a walk through the rows of a table that match a filter. */
export function walkQueries(
  { sql: builder, engine }: Queries,
  { table, accountId, visible, found }: Source,
  filter: Filter,
): WalkQueries {
  const from = sql`select c.id from ${sql.table(table)} c where c.account_id = ${accountId}`
  const idsOf = async (query: RawBuilder<unknown>) => {
    const { rows } = await (query as RawBuilder<{ id: number }>).execute(builder)
    return rows.map(({ id }) => id)
  }
  return {
    async find(limit) {
      return found && idsOf(sql`select f.id from (${found}) f limit ${limit}`)
    },
    async floor(before, count) {
      const [id] = await idsOf(
        sql`${from} and c.id < ${before} order by c.id desc limit 1 offset ${count - 1}`,
      )
      return id
    },
    matching({ before, floor, ids, limit }) {
      const range = ids
        ? json[engine].isIn(sql.ref('c.id'), JSON.stringify(ids), 'bigint')
        : sql`c.id >= ${floor}`
      return idsOf(sql`${from} and ${range} and c.id < ${before} and ${visible} and ${matchesFilter(engine, filter)}
        order by c.id desc limit ${limit}`)
    },
  }
}

/** A query for the ids of the rows of the account with labels with these titles. */
export function rowsWithLabels(
  table: 'conversation_labels' | 'contact_labels',
  owner: string,
  accountId: number,
  titles: readonly Value[],
): RawBuilder<{ id: number }> {
  return sql`select w.${sql.ref(owner)} as id from ${sql.table(table)} w
    where w.account_id = ${accountId} and w.label_id in (select l.id from labels l
      where l.account_id = ${accountId} and l.title in (${sql.join(titles)}))`
}

/** A query for the ids of the rows of the account with these values in an indexed column. */
export function rowsWith(
  table: Source['table'],
  column: string,
  accountId: number,
  values: readonly Value[],
): RawBuilder<{ id: number }> {
  return sql`select id from ${sql.table(table)}
    where account_id = ${accountId} and ${sql.ref(column)} in (${sql.join(values)})`
}

type Condition = RawBuilder<unknown>

const companyAttribute: Record<Engine, Condition> = {
  sqlite: sql`json_extract(c.additional_attributes, '$.company_name')`,
  postgres: sql`cast(cast(c.additional_attributes as json) ->> 'company_name' as text) collate "C"`,
}

/** Values of the row `c` that are not in a column. */
const computed: Readonly<Record<NonNullable<FilterKey['computed']>, (engine: Engine) => Condition>> = {
  company_of_contact: () => sql`(select p.company_id from contacts p
    where p.account_id = c.account_id and p.id = c.contact_id)`,
  company_name: (engine) => sql`coalesce((select k.name from companies k
    where k.account_id = c.account_id and k.id = c.company_id), ${companyAttribute[engine]})`,
  attributes_of_contact: () => sql`(select p.custom_attributes from contacts p
    where p.account_id = c.account_id and p.id = c.contact_id)`,
}

/** A number as JSON writes it, within the range of doubles. */
const numeral = /^-?(?:0|[1-9]\d{0,17})(?:\.\d{1,17})?(?:e[+-]?\d{1,2})?$/

function conditionOf(engine: Engine, test: Test): Condition {
  const { key, operator, values } = test
  const column = key.computed ? computed[key.computed](engine) : sql.ref(`c.${key.column}`)
  switch (key.type) {
    case 'text':
      return onText(engine, sql`lower(${column})`, operator, values)
    case 'number':
    case 'boolean':
      return operator === 'is_present'
        ? sql`${column} is not null`
        : sql`${column} in (${listOf(values.map(Number))})`
    case 'word':
      if (operator === 'is_present') return sql`${column} is not null`
      return values.includes('all') ? sql`1 = 1` : sql`${column} in (${listOf(values)})`
    case 'time':
      if (operator === 'is_present') return sql`${column} is not null`
      return anyOf(values, (value) => compared(sql`${column} / 1000`, operator, sql`${value}`))
    case 'labels':
      return onLabels(test)
    case 'attribute':
      return onAttribute[engine](column, test)
  }
}

function onText(engine: Engine, text: Condition, operator: Test['operator'], values: Value[]): Condition {
  const position = sql.raw(engine === 'sqlite' ? 'instr' : 'strpos')
  switch (operator) {
    case 'is_present':
      return sql`${text} <> ''`
    case 'contains':
      return anyOf(values, (value) => sql`${position}(${text}, ${asText(value)}) > 0`)
    case 'starts_with':
      return anyOf(values, (value) => sql`substr(${text}, 1, length(${asText(value)})) = ${asText(value)}`)
    default:
      return sql`${text} in (${sql.join(values.map(asText))})`
  }
}

function onLabels({ key, operator, values }: Test): Condition {
  const titles = operator === 'is_present' ? sql`1 = 1` : sql`l.title in (${listOf(values)})`
  return sql`exists (select 1 from ${sql.table(key.table!)} w
    join labels l on l.account_id = w.account_id and l.id = w.label_id
    where w.account_id = c.account_id and w.${sql.ref(key.column)} = c.id and ${titles})`
}

/*
 * The value of an attribute has the type that somebody has sent. Numbers are compared as numbers, because each engine has
 * a text of its own for them; objects and lists are only present. `is` gets expressions for the value.
 */
const onAttribute: Record<Engine, (column: Condition, test: Test) => Condition> = {
  sqlite: (column, test) => sql`exists (select 1 from json_each(${column}) a where a.key = ${nameOf(test)}
    and ${onValue('sqlite', test, {
      kind: sql`case when a.type in ('integer', 'real') then 'number' when a.type = 'text' then 'string'
        when a.type in ('true', 'false') then 'boolean' else a.type end`,
      text: sql`a.value`,
      number: sql`cast(a.value as real)`,
      boolean: sql`a.type`,
    })})`,
  postgres: (column, test) => sql`exists (
    select 1 from (select cast(${column} as json) -> cast(${nameOf(test)} as text) as value) a
    where a.value is not null and ${onValue('postgres', test, {
      kind: sql`json_typeof(a.value)`,
      text: sql`cast(a.value #>> '{}' as text) collate "C"`,
      number: sql`cast(a.value #>> '{}' as double precision)`,
      boolean: sql`a.value #>> '{}'`,
    })})`,
}

function nameOf({ key, name }: Test): string {
  return key.attribute ?? name
}

function onValue(
  engine: Engine,
  { key, operator, values }: Test,
  of: Record<'kind' | 'text' | 'number' | 'boolean', Condition>,
): Condition {
  const isPresent = sql`case ${of.kind} when 'string' then ${of.text} <> '' else ${of.kind} <> 'null' end`
  if (operator === 'is_present') return isPresent
  if (key.values === 'number') {
    const onNumber = (number: Condition) =>
      anyOf(values, (value) => compared(number, operator, asDouble(engine, Number(value))))
    return sql`case ${of.kind} when 'number' then ${onNumber(of.number)}
      when 'string' then ${onNumber(numberIn[engine](of.text))} end`
  }
  if (key.values === 'date')
    return sql`case ${of.kind} when 'string' then ${anyOf(values, (value) =>
      onDate(engine, of.text, operator, String(value)),
    )} end`
  const text = onText(engine, sql`lower(${of.text})`, operator, values)
  // A case, because PostgreSQL may convert a text to a number before it looks at the other side of `and`.
  if (operator === 'contains' || operator === 'starts_with')
    return sql`case ${of.kind} when 'string' then ${text} end`
  const numbers = values.filter((value) => numeral.test(String(value))).map(Number)
  if (operator === 'equal_to') {
    const equal =
      numbers.length === 0
        ? sql`1 = 0`
        : sql`${of.number} in (${sql.join(numbers.map((value) => asDouble(engine, value)))})`
    return sql`case ${of.kind} when 'string' then ${text} when 'number' then ${equal}
      when 'boolean' then ${of.boolean} in (${sql.join(values.map(asText))}) end`
  }
  const dates = values.filter((value) => typeof value === 'string')
  return sql`case ${of.kind} when 'number' then ${anyOf(numbers, (value) =>
    compared(of.number, operator, asDouble(engine, value)),
  )} when 'string' then ${anyOf(dates, (value) => onDate(engine, of.text, operator, value))} end`
}

/** A text that begins with a date, such as `2026-01-31T09:00:00Z`, is compared as that date. */
function onDate(engine: Engine, text: Condition, operator: Test['operator'], value: string): Condition {
  const isDate =
    engine === 'sqlite'
      ? sql`${text} glob '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*'`
      : sql`${text} ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}'`
  return sql`(${isDate} and ${compared(sql`substr(${text}, 1, 10)`, operator, sql`${value}`)})`
}

/** The number in a text, null if it is not one: values from before a definition can be such texts. */
const numberIn: Record<Engine, (text: Condition) => Condition> = {
  sqlite: (
    text,
  ) => sql`case when length(${text}) <= 40 and ${text} not glob '*[^0-9.-]*' and json_valid(${text})
    then cast(${text} as real) end`,
  postgres: (text) => sql`case when length(${text}) <= 40 and ${text} ~ '^-?(0|[1-9][0-9]*)([.][0-9]+)?$'
    then cast(${text} as double precision) end`,
}

function asDouble(engine: Engine, value: number): Condition {
  return sql`cast(${value} as ${sql.raw(engine === 'sqlite' ? 'real' : 'double precision')})`
}

function compared(value: Condition, operator: Test['operator'], other: Condition): Condition {
  if (operator === 'equal_to') return sql`${value} = ${other}`
  return operator === 'is_greater_than' ? sql`${value} > ${other}` : sql`${value} < ${other}`
}

function anyOf<V>(values: V[], condition: (value: V) => Condition): Condition {
  if (values.length === 0) return sql`1 = 0`
  return sql`(${sql.join(values.map(condition), sql` or `)})`
}

function listOf(values: readonly Value[]): Condition {
  return sql.join(values)
}

function asText(value: Value): Condition {
  return sql`cast(${String(value)} as text)`
}
