import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Ajv } from 'ajv'
import { openapiDocument } from '../commands/openapi.ts'

// biome-ignore lint/suspicious/noExplicitAny: an OpenAPI document is read as a plain tree
type Tree = any

describe('the examples in the OpenAPI document', async () => {
  const document: Tree = await openapiDocument()
  const ajv = new Ajv({ strict: false })
  ajv.addSchema({ $id: 'document', ...document })
  const bodies = Object.entries<Tree>(document.paths).flatMap(([path, operations]) =>
    Object.entries<Tree>(operations).flatMap(([method, { requestBody }]) => {
      const { schema, example } = requestBody?.content['application/json'] ?? {}
      return schema ? [{ name: `${method} ${path}`, schema, example }] : []
    }),
  )

  it('make bodies that keep the rules of their schemas', () => {
    assert.ok(bodies.length > 30, String(bodies.length))
    for (const { name, schema, example } of bodies) {
      const check = ajv.compile({ ...schema, components: document.components })
      const body = example ?? exampleOf(schema)
      assert.ok(check(body), `${name}: ${JSON.stringify(body)} ${JSON.stringify(check.errors)}`)
    }
  })

  it('are there for every field with a pattern, from which tools would invent them', () => {
    const invented = bodies.filter(({ example }) => example === undefined)
    const missing = invented.flatMap(({ name, schema }) =>
      patterns(schema).map((field) => `${name}: ${field}`),
    )
    assert.deepEqual(missing, [])
  })
})

/** Builds an example as Swagger UI does: examples first, then defaults, enums and types. */
function exampleOf(schema: Tree): unknown {
  if (schema.examples) return schema.examples[0]
  if ('default' in schema) return schema.default
  if (schema.enum) return schema.enum[0]
  const type = [schema.type].flat()[0]
  if (type === 'object') {
    return Object.fromEntries(
      Object.entries<Tree>(schema.properties ?? {}).map(([name, one]) => [name, exampleOf(one)]),
    )
  }
  if (type === 'array') return [exampleOf(schema.items)]
  if (type === 'integer' || type === 'number') return schema.minimum ?? 0
  return type === 'boolean' ? true : 'string'
}

function patterns(schema: Tree): string[] {
  if (schema.examples) return []
  return Object.entries<Tree>(schema.properties ?? {}).flatMap(([name, one]) => [
    ...(one.pattern && !one.examples && !('default' in one) ? [name] : []),
    ...patterns(one),
  ])
}
