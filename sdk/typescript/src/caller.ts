import type { CallOptions, Inputs } from './options.ts'
import { Pages } from './pages.ts'
import type { Call, Transport } from './transport.ts'

// biome-ignore lint/suspicious/noExplicitAny: the functions of a group of calls have different arguments
type AnyFunction = (...args: any[]) => Promise<unknown>
type Result<F> = F extends AnyFunction ? Awaited<ReturnType<F>> : never
type Arguments<F> = F extends AnyFunction ? Parameters<F> : never
type Item<F> = Result<F> extends { payload: infer Items } ? Items : never

type How = Pick<Call, 'isSafe' | 'isRemoval'>

/** Makes the functions of a client out of the names of calls, such as `GET /labels/{label_id}`. */
export class Caller<Calls> {
  readonly transport: Transport
  readonly #prefix: string
  readonly #inputs: Inputs

  constructor(transport: Transport, prefix: string, inputs: Inputs) {
    this.transport = transport
    this.#prefix = prefix
    this.#inputs = inputs
  }

  /** A call that is repeated if its method says that this is safe, or if it takes an `Idempotency-Key`. */
  call<Key extends keyof Calls & string>(key: Key): Calls[Key] {
    return this.#function(key, { isSafe: !key.startsWith('POST ') })
  }

  /** A POST that sets something to a value, so it can be repeated. */
  safe<Key extends keyof Calls & string>(key: Key): Calls[Key] {
    return this.#function(key, { isSafe: true })
  }

  /** A change that is refused if it has already been made, so it is not repeated. */
  once<Key extends keyof Calls & string>(key: Key): Calls[Key] {
    return this.#function(key, { isSafe: false })
  }

  /** A DELETE of what the path names. */
  remove<Key extends keyof Calls & string>(key: Key): (...args: Arguments<Calls[Key]>) => Promise<void> {
    const remove = this.#function(key, { isSafe: true, isRemoval: true }) as AnyFunction
    return async (...args) => void (await remove(...args))
  }

  /** A list that is short enough for one response: returns its items. */
  list<Key extends keyof Calls & string>(
    key: Key,
  ): (...args: Arguments<Calls[Key]>) => Promise<Item<Calls[Key]>> {
    const call = this.call(key) as AnyFunction
    return async (...args) => ((await call(...args)) as { payload: Item<Calls[Key]> }).payload
  }

  /** A list in pages. `split` gets a page and its query, and returns its items, and the query of the next page. */
  pages<Key extends keyof Calls & string, Item>(
    key: Key,
    split: (page: Result<Calls[Key]>, query: Query) => { items: readonly Item[]; next: object | undefined },
    defaults: object = {},
  ): (...args: Arguments<Calls[Key]>) => Pages<Item, Result<Calls[Key]>> {
    const call = this.call(key) as AnyFunction
    const count = idsOf(key)
    return (...args) => {
      const ids = args.slice(0, count)
      const query: Query = { ...defaults, ...(args[count] as object | undefined) }
      const fetch = (cursor: object) =>
        call(...ids, { ...query, ...cursor }, args[count + 1]) as Promise<Result<Calls[Key]>>
      return new Pages(fetch, (page) => split(page, query))
    }
  }

  #function<Key extends keyof Calls & string>(key: Key, how: How): Calls[Key] {
    const [method, path] = key.split(' ') as [string, string]
    const count = idsOf(key)
    const input = this.#inputs[key]
    const call = (...args: unknown[]) => {
      const ids = args.slice(0, count)
      const options = args[input ? count + 1 : count] as CallOptions | undefined
      return this.transport.call(
        {
          method,
          path: this.#prefix + path.replace(/\{\w+\}/g, () => encodeURIComponent(String(ids.shift()))),
          takesKey: input === 'body and key',
          ...(input ? partsOf(input, args[count] as object | undefined) : {}),
          ...how,
        },
        options,
      )
    }
    return call as Calls[Key]
  }
}

/** Returns the query and the body of what a call takes after its ids. */
function partsOf(input: Inputs[string], value: object | undefined): Pick<Call, 'query' | 'body'> {
  if (input === 'query') return { query: value }
  if (typeof input === 'string') return { body: value ?? {} }
  const fields = Object.entries(value ?? {})
  return {
    query: Object.fromEntries(fields.filter(([name]) => input.includes(name))),
    body: Object.fromEntries(fields.filter(([name]) => !input.includes(name))),
  }
}

/** The query of a list, with the fields that decide about its order. */
export type Query = Record<string, unknown>

function idsOf(key: string): number {
  return key.split('{').length - 1
}
