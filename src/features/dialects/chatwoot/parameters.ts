import type { FastifyRequest } from 'fastify'

type Values = Record<string, unknown>

/**
 * The parameters of a request, read as Chatwoot reads them: query and body are one set, and texts can stand for numbers
 * and truth values. Of a new object an empty field is the same as none; of a change it empties the field. A value that
 * cannot be read stays as it is, and the schema of the route refuses it.
 */
export class Parameters {
  readonly #values: Values

  constructor(values: Values) {
    this.#values = values
  }

  /** Whether the request has the parameter, even if it is empty. */
  has(name: string): boolean {
    return this.#values[name] !== undefined
  }

  /** The value as it was sent; undefined if it is empty. */
  raw(name: string): unknown {
    const value = this.#values[name]
    return isBlank(value) ? undefined : value
  }

  /** A text. Anything else is its JSON, which the schema of the route refuses if it matters. */
  text(name: string): string | undefined {
    const value = this.raw(name)
    return value === undefined ? undefined : toText(value)
  }

  number(name: string): number | undefined {
    return toNumber(this.raw(name))
  }

  flag(name: string): boolean | undefined {
    const value = this.raw(name)
    if (typeof value === 'object') return value as never
    const known = { true: true, '1': true, false: false, '0': false }[String(value)]
    return known ?? (value as boolean)
  }

  /** Several texts, or one of them. */
  texts(name: string): string[] | undefined {
    const value = this.#values[name]
    if (value === undefined) return undefined
    return [value]
      .flat()
      .filter((item) => !isBlank(item))
      .map(toText)
  }

  numbers(name: string): number[] | undefined {
    return this.texts(name)?.map(toNumber) as number[]
  }

  /** An object, or its JSON as text. */
  object(name: string): Values | undefined {
    const value = this.raw(name)
    return (typeof value === 'string' ? (parsed(value) ?? value) : value) as Values
  }

  /** What `read` returns for a change: null if the parameter is there, but empty. */
  cleared<T>(name: string, read: (name: string) => T | undefined): T | null | undefined {
    if (!this.has(name)) return undefined
    return read.call(this, name) ?? null
  }

  /** The parameters inside one, such as those of `message` in a new conversation. */
  inside(name: string): Parameters | undefined {
    const value = this.object(name)
    return isObject(value) ? new Parameters(value) : undefined
  }
}

/** Returns the parameters of a request. Those inside a field named `wrapper` count, too: `{"label": {"title": "vip"}}`. */
export function parametersOf(request: FastifyRequest, wrapper?: string): Parameters {
  const query = request.query as Values
  const names = Object.keys(query)
  // Most queries are flat.
  const all: Values = names.some((name) => name.endsWith(']'))
    ? { ...nested(Object.entries(query).flatMap(eachValue)) }
    : { ...query }
  if (isObject(request.body)) Object.assign(all, request.body)
  const inner = wrapper === undefined ? undefined : all[wrapper]
  return new Parameters(isObject(inner) ? { ...all, ...inner } : all)
}

/** Makes an object from the fields of a form: `profile[availability]=busy`, `labels[]=a&labels[]=b`. */
export function nested(fields: Iterable<readonly [string, unknown]>): Values {
  const root: Values = Object.create(null)
  for (const [name, value] of fields) put(root, pathOf(name), value)
  return root
}

// Deeper names are taken as they are. No client of Chatwoot sends any.
const mostDepth = 5

/** `a[b][]` as `['a', 'b', '']`. */
function pathOf(name: string): string[] {
  if (!name.endsWith(']')) return [name]
  const form = /^([^[\]]+)((?:\[[^[\]]*\])+)$/.exec(name)
  if (!form) return [name]
  const inner = [...form[2]!.matchAll(/\[([^[\]]*)\]/g)].map(([, part]) => part!)
  return inner.length >= mostDepth ? [name] : [form[1]!, ...inner]
}

function put(target: Values, [first, ...rest]: string[], value: unknown): void {
  const name = first!
  if (name === '__proto__') return
  if (rest.length === 0) {
    target[name] = value
    return
  }
  if (rest.length === 1 && rest[0] === '') {
    const list = target[name]
    target[name] = [...(Array.isArray(list) ? list : []), value]
    return
  }
  const inner = target[name]
  const next: Values = isObject(inner) ? inner : Object.create(null)
  target[name] = next
  put(next, rest, value)
}

function eachValue([name, value]: [string, unknown]): [string, unknown][] {
  return Array.isArray(value) && name.endsWith('[]') ? value.map((item) => [name, item]) : [[name, value]]
}

function isObject(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** A number, or a text with one. Another text stays as it is. */
function toNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value !== 'string') return undefined
  return /^-?\d{1,15}(\.\d+)?$/.test(value.trim()) ? Number(value) : (value as never)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
