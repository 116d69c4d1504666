import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { operationsIn, type Schema } from '../operations.ts'
import { project } from '../process.ts'

/** Yields the paths of all values in a schema whose size has no limit. */
function* unboundedIn(schema: Schema, at: string): Generator<string> {
  const types = [schema.type].flat()
  if (types.includes('string') && !schema.enum && schema.maxLength === undefined) yield `${at} (text)`
  if (types.includes('array') && schema.maxItems === undefined) yield `${at} (list)`
  const isMap = schema.additionalProperties === true
  if (types.includes('object') && isMap && schema.maxProperties === undefined) yield `${at} (map)`
  if (schema.type === undefined && !schema.enum) yield `${at} (anything)`
  for (const [name, inner] of Object.entries(schema.properties ?? {}))
    yield* unboundedIn(inner, `${at}.${name}`)
  // Files have their own limit.
  if (schema.items && !('contentMediaType' in schema.items)) yield* unboundedIn(schema.items, `${at}[]`)
}

describe('The schema of every body', () => {
  it('has a limit for each text, list and map', () => {
    const document = JSON.parse(readFileSync(join(project, 'docs', 'openapi.json'), 'utf8'))
    const bodies = operationsIn(document).flatMap(({ method, path, bodies }) =>
      bodies.map((schema) => ({ schema, at: `${method} ${path}` })),
    )
    assert.ok(bodies.length > 30)
    assert.deepEqual(
      bodies.flatMap(({ schema, at }) => [...unboundedIn(schema, at)]),
      [],
    )
  })
})

describe('unboundedIn()', () => {
  it('finds a list, a text and a map without a limit', () => {
    const items = { type: 'object', properties: { deep: { type: ['string', 'null'] } } }
    const map = { type: 'object', additionalProperties: true }
    const schema = {
      type: 'object',
      properties: { list: { type: 'array', items }, map, fine: { type: 'string', maxLength: 1 } },
    }
    assert.deepEqual([...unboundedIn(schema, 'x')], ['x.list (list)', 'x.list[].deep (text)', 'x.map (map)'])
  })
})
