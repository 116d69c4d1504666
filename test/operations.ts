import assert from 'node:assert/strict'
import type { TestApp } from './app.ts'

/** A JSON schema as the OpenAPI document has it. */
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
  /** With parameters in braces. */
  path: string
  /** The names of those parameters, without the account. */
  parameters: string[]
  query: { name: string; required: boolean; schema: Schema }[]
  /** Of the JSON body; undefined where there is none. */
  body: Schema | undefined
  /** Of every media type. */
  bodies: Schema[]
  isAdministrators: boolean
  /** Needs no token. */
  isPublic: boolean
}

/** All calls of a server, as its OpenAPI document describes them. */
export function operationsOf({ app }: TestApp): Operation[] {
  return operationsIn(app.server.swagger())
}

/** All calls of an OpenAPI document. */
// biome-ignore lint/suspicious/noExplicitAny: an OpenAPI document is read as the tree it is
export function operationsIn(document: any): Operation[] {
  return Object.entries<object>(document.paths).flatMap(([path, methods]) =>
    // biome-ignore lint/suspicious/noExplicitAny: as above
    Object.entries<any>(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      parameters: [...path.matchAll(/\{(\w+)\}/g)]
        .map(([, name]) => name!)
        .filter((name) => name !== 'account_id'),
      query: (operation.parameters ?? []).filter(({ in: place }: { in: string }) => place === 'query'),
      body: operation.requestBody?.content?.['application/json']?.schema,
      bodies: Object.values<{ schema: Schema }>(operation.requestBody?.content ?? {}).map(
        ({ schema }) => schema,
      ),
      isAdministrators: /For administrators/.test(operation.description ?? ''),
      isPublic: operation.security === undefined,
    })),
  )
}

/** The path of an operation, with what it needs in its query. */
export function pathOf({ path, query }: Operation, ids: Record<string, string | number>): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => {
    assert.ok(name in ids, `{${name}} in ${path} is unknown: add how to make one to test/api-resources.ts`)
    return String(ids[name])
  })
  // What asks for force is sure of it.
  const needed = query.filter(({ name, required }) => required || name === 'force')
  const texts = needed.map(({ name, schema }) => `${name}=${encodeURIComponent(String(sampleOf(schema)))}`)
  return `/${filled}${texts.length > 0 ? `?${texts.join('&')}` : ''}`
}

const texts = [
  'sample',
  'sample@example.com',
  '+14155550100',
  '#1F93FF',
  'https://example.com/',
  'a sample text',
]
let samples = 0

/** A value that a schema allows, as small as may be; texts without a pattern are new each time. */
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
  return fits.replace('sample', `sample${++samples}`).padEnd(schema.minLength ?? 0, '.')
}

/** The fields that a body needs; the first that it may have where it needs none. */
export function sampleBody({ properties = {}, required = [] }: Schema): Record<string, unknown> {
  const names = required.length > 0 ? required : Object.keys(properties).slice(0, 1)
  return Object.fromEntries(names.map((name) => [name, sampleOf(properties[name] ?? {})]))
}
