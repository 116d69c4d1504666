import { type Static, Type } from 'typebox'
import { filledText, id, listQuery, nullable, oneOf } from '../../lib/schema.ts'

export const operators = [
  'equal_to',
  'not_equal_to',
  'contains',
  'does_not_contain',
  'starts_with',
  'is_present',
  'is_not_present',
  'is_greater_than',
  'is_less_than',
  'days_before',
] as const
export type Operator = (typeof operators)[number]

export const Selector = Type.Object({
  attribute_key: filledText(255, {
    description:
      'A field. Any other name is that of a custom attribute; in filters of conversations, `contact.` in front of it means that of the contact.',
  }),
  filter_operator: oneOf([...operators]),
  values: Type.Array(
    Type.Unsafe<string | number | boolean>({ type: ['string', 'number', 'boolean'], maxLength: 255 }),
    {
      default: [],
      maxItems: 50,
      description: 'One of them must match; with a negative operator none of them may.',
    },
  ),
  query_operator: Type.Optional(
    nullable(
      oneOf(['AND', 'OR'], { description: 'Joins this selector to the next one. AND binds before OR.' }),
    ),
  ),
})
export type Selector = Static<typeof Selector>

/** The maximum number of selectors of a filter. */
export const mostSelectors = 20

export const FilterBody = Type.Object(
  { payload: Type.Array(Selector, { minItems: 1, maxItems: mostSelectors }) },
  {
    examples: [{ payload: [{ attribute_key: 'plan', filter_operator: 'equal_to', values: ['gold'] }] }],
  },
)
export type FilterBody = Static<typeof FilterBody>

export const FilterQuery = listQuery({
  before_id: Type.Optional(id('`meta.before_id` of the page before, with the same filter.')),
})
export type FilterQuery = Static<typeof FilterQuery>

export const FilterMeta = Type.Object({
  before_id: nullable(id('The cursor of the next page; null on the last one.')),
  timed_out: Type.Boolean({
    description:
      'True if the time of the search was over before the page was full. The next page continues from there.',
  }),
})

/** A field that a filter can name. */
export interface FilterKey {
  type: 'text' | 'number' | 'word' | 'boolean' | 'time' | 'labels' | 'attribute'
  /** The column of the row `c`: of attributes the one with the JSON, of labels the id of their owner. */
  column: string
  /** The computed value that is compared instead of the column. */
  computed?: 'company_of_contact' | 'company_name' | 'attributes_of_contact'
  /** Of an attribute: its name in the JSON, if the key has another one. */
  attribute?: string
  /** Of an attribute with a definition: what its values are. Without it, a value has the type that was sent. */
  values?: 'text' | 'number' | 'date' | 'boolean' | 'word'
  /** The words that a column can contain; `all` matches every row. */
  words?: readonly string[]
  /** The table with the labels. */
  table?: string
  /** Values may lack a plus sign at the beginning. */
  hasPlus?: boolean
  /** Whether an index finds the rows with a value. */
  isIndexed?: boolean
}

export type Value = string | number | boolean

/** A selector whose key, operator and values fit together. */
export interface Test {
  key: FilterKey
  /** The name of the key. */
  name: string
  operator: 'equal_to' | 'contains' | 'starts_with' | 'is_present' | 'is_greater_than' | 'is_less_than'
  isNegative: boolean
  /** Texts are in small letters, times in seconds. */
  values: Value[]
}

/** The queries with which rows are found that match a filter. */
export interface WalkQueries {
  /** The ids that an index finds, at most `limit`; undefined if no index helps. */
  find(limit: number): Promise<number[] | undefined>
  /** The id of the row `count` rows before an id; undefined if there are fewer. */
  floor(before: number, count: number): Promise<number | undefined>
  /** The ids of matching rows, newest first: among `ids`, or from `floor` to `before`, at most `limit`. */
  matching(range: {
    before: number
    floor: number
    ids: number[] | undefined
    limit: number
  }): Promise<number[]>
}

/** The queries that read the rows of a table in an order. */
export interface OrderQueries<Position> {
  /**
   * The next rows after a position, from an index that has this order; fewer than `limit` only if there are no others.
   */
  window(after: Position | undefined, limit: number): Promise<Position[]>
  /** The rows with these ids after a position, in this order, at most `limit`. */
  sort(ids: readonly number[], after: Position | undefined, limit: number): Promise<Position[]>
}

/** Lists of tests: all tests of one of the lists must be true. */
export type Filter = Test[][]
