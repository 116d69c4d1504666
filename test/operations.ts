import assert from 'node:assert/strict'
import type { TestApp } from './app.ts'

/** A JSON schema of the OpenAPI document. */
export interface Schema {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  pattern?: string
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  maxProperties?: number
  additionalProperties?: unknown
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
}

/** A call that the OpenAPI document describes. */
export interface Operation {
  method: string
  /** The path, with parameters in braces. */
  path: string
  /** The names of the parameters in the path, without the account. */
  parameters: string[]
  query: { name: string; required: boolean; schema: Schema }[]
  /** The schema of the JSON body; undefined if there is none. */
  body: Schema | undefined
  /** The schemas of the body, one for each media type. */
  bodies: Schema[]
  isForAdministrators: boolean
  /** True if the call requires no token. */
  isPublic: boolean
}

/** Returns all calls of a server, as its OpenAPI document describes them. */
export function operationsOf({ app }: TestApp): Operation[] {
  return operationsIn(app.server.swagger())
}

/** Returns all calls of an OpenAPI document. */
// biome-ignore lint/suspicious/noExplicitAny: an OpenAPI document is read as a plain tree
export function operationsIn(document: any): Operation[] {
  return Object.entries<object>(document.paths).flatMap(([path, methods]) =>
    // biome-ignore lint/suspicious/noExplicitAny: as above
    Object.entries<any>(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      parameters: [...path.matchAll(/\{(\w+)\}/g)]
        .map(([, name]) => name!)
        .filter((name) => name !== 'account_id'),
      query: (operation.parameters ?? []).filter((one: { in: string }) => one.in === 'query'),
      body: operation.requestBody?.content?.['application/json']?.schema,
      bodies: Object.values<{ schema: Schema }>(operation.requestBody?.content ?? {}).map(
        ({ schema }) => schema,
      ),
      isForAdministrators: /Only for administrators/.test(operation.description ?? ''),
      isPublic: operation.security === undefined,
    })),
  )
}

/** Returns the path of an operation with these ids, and with the parameters that its query requires. */
export function pathOf({ path, query }: Operation, ids: Record<string, string | number>): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => {
    assert.ok(name in ids, `{${name}} in ${path} is unknown: create one in test/api-resources.ts`)
    return String(ids[name])
  })
  // Without `force`, some calls are refused.
  const parameters = query.filter(({ name, required }) => required || name === 'force')
  const pairs = parameters.map(
    ({ name, schema }) => `${name}=${encodeURIComponent(String(sampleOf(schema)))}`,
  )
  return `/${filled}${pairs.length > 0 ? `?${pairs.join('&')}` : ''}`
}

const texts = [
  'sample',
  'sample@example.com',
  '+14155550100',
  '#1F93FF',
  'https://example.com/',
  '22:00',
  'example.com',
  'a sample text',
]
let textCount = 0

/** Returns a small value that a schema allows. Texts without a pattern are different each time. */
export function sampleOf(schema: Schema): unknown {
  if (schema.enum) return schema.enum[0]
  const type = [schema.type].flat()[0]
  if (type === 'object') return sampleBody(schema)
  if (type === 'array')
    return Array.from({ length: schema.minItems ?? 1 }, () => sampleOf(schema.items ?? {}))
  if (type === 'integer' || type === 'number') return Math.max(schema.minimum ?? 1, 1)
  if (type === 'boolean') return true
  const fits = texts.find((text) => new RegExp(schema.pattern ?? '').test(text))
  assert.ok(fits, `no text fits the pattern ${schema.pattern}: add one to test/operations.ts`)
  return fits.replace('sample', `sample${++textCount}`).padEnd(schema.minLength ?? 0, '.')
}

/** Returns a body with the required fields; with the first field if none is required. */
export function sampleBody({ properties = {}, required = [] }: Schema): Record<string, unknown> {
  const names = required.length > 0 ? required : Object.keys(properties).slice(0, 1)
  return Object.fromEntries(names.map((name) => [name, sampleOf(properties[name] ?? {})]))
}
