import type { Parameters } from './parameters.ts'

/** Reads the body of a filter, in the shape of the main API. */
export function filterBody(parameters: Parameters): object {
  const payload = parameters.raw('payload')
  return { payload: Array.isArray(payload) ? payload.map(selector) : payload }
}

function selector(given: unknown): unknown {
  if (typeof given !== 'object' || given === null) return given
  const { attribute_key, filter_operator, values, query_operator } = given as Record<string, unknown>
  const operator = typeof query_operator === 'string' ? query_operator.toUpperCase() : null
  return {
    attribute_key,
    filter_operator,
    values: [values ?? []].flat().map(idOf),
    query_operator: operator || null,
  }
}

/** The dashboard of Chatwoot sends some values as `{ id, name }`. */
function idOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'id' in value ? value.id : value
}

/** Reads the number of a page; without a valid one, it is the first. */
export function pageNumber(parameters: Parameters): number {
  const page = parameters.number('page')
  return Number.isInteger(page) && page! >= 1 ? Math.min(page!, 1_000_000) : 1
}

/** How many match a filter, as far as its page shows: one more than up to its end if there are others. */
export function countUpTo(offset: number, { length }: unknown[], hasMore: boolean): number {
  return offset + length + (hasMore ? 1 : 0)
}
