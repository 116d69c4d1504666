import type { TSchema } from 'typebox'
import { opened, type SecretPlace, sealed } from './secret-box.ts'
import type { HasSlots } from './slot.ts'

interface Node {
  writeOnly?: boolean
  properties?: Record<string, Node>
  items?: Node
}

// Of these only the validator knows which branch a value belongs to.
const unsupported = ['$ref', 'anyOf', 'oneOf', 'allOf', 'patternProperties']

/**
 * Returns a copy of `value` in which `change` has replaced each text whose schema is a `secretText()`. It gets the text
 * and its path, such as `smtp.password` or `keys.0`. Throws for a schema with alternatives or references, in which a
 * secret could be overlooked.
 */
export function mapSecretFields<T>(
  schema: TSchema,
  value: T,
  change: (text: string, path: string) => string | null,
): T {
  return mapNode(schema as Node, value, '', change) as T
}

/** Seals the secret fields of a JSON value that is stored at `place`. */
export function sealFields<T>(queries: HasSlots, schema: TSchema, value: T, place: SecretPlace): T {
  return mapSecretFields(schema, value, (text, field) => sealed(queries, text, { ...place, field }))
}

/** Opens the secret fields of a stored JSON value. Throws a Refusal `unavailable` if one of them cannot be opened. */
export function openFields<T>(queries: HasSlots, schema: TSchema, value: T, place: SecretPlace): T {
  return mapSecretFields(schema, value, (text, field) => opened(queries, text, { ...place, field }))
}

function mapNode(
  node: Node,
  value: unknown,
  path: string,
  change: (text: string, path: string) => string | null,
): unknown {
  const keyword = unsupported.find((name) => Object.hasOwn(node, name))
  if (keyword) throw new Error(`${path || 'the schema'} uses ${keyword}, in which secrets are not found`)
  const at = (name: string | number) => (path === '' ? `${name}` : `${path}.${name}`)
  if (node.writeOnly) return typeof value === 'string' ? change(value, path) : value
  if (Array.isArray(value) && node.items) {
    return value.map((item, index) => mapNode(node.items!, item, at(index), change))
  }
  if (typeof value !== 'object' || value === null || !node.properties) return value
  const fields = Object.entries(value).map(([name, field]) => {
    const schema = Object.hasOwn(node.properties!, name) ? node.properties![name] : undefined
    return [name, schema ? mapNode(schema, field, at(name), change) : field]
  })
  return Object.fromEntries(fields)
}
