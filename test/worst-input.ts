import { type Schema, sampleBody } from './operations.ts'

/*
 * The most expensive input that fits into a number of bytes: what slow patterns, validators and parsers fail on.
 */

const units = ['.', 'a.', '-a', ' ', '9', '"', '\u0301', '\u0001', '𝒳', 'http://a']

/** Texts of about `bytes` bytes of JSON each. */
export function worstTexts(bytes: number): string[] {
  const repeated = units.map((unit) => unit.repeat(bytes / (Buffer.byteLength(JSON.stringify(unit)) - 2)))
  // Slow patterns backtrack if their end does not match.
  return [...repeated, `a@${'.'.repeat(bytes)}@`, `+1${'5'.repeat(bytes)}x`, `http://${'.'.repeat(bytes)}\n`]
}

/** Bodies as JSON of about `bytes` bytes each, for a route whose body has this schema: each part of it in turn is the worst. */
export function* worstBodies(schema: Schema, bytes: number): Generator<string> {
  const list = (item: string) => `[${`${item},`.repeat(Math.floor(bytes / (item.length + 1)) - 2)}${item}]`
  const items = ['0', '{}', '[]', '""', '{"a":0}', '1234567890123456789']
  // As many as the server takes, so that they meet the validator.
  const fewItems = ['0', '{}', '[]', '"a."'].map((item) => `[${`${item},`.repeat(9000)}${item}]`)
  const names = Array.from(
    { length: Math.floor(bytes / 12) },
    (_, i) => `"${i.toString(36).padStart(6, 'k')}":0`,
  )
  const maps = [`{${names.join()}}`, `{${names.slice(0, 9000).join()}}`, nested(bytes), nested(62)]
  const containers = [...items.map(list), ...fewItems, ...maps]
  const texts = worstTexts(bytes - 1000).map((text) => JSON.stringify(text))
  yield* containers
  yield '9'.repeat(bytes)
  yield `{"${'k'.repeat(bytes - 10)}":0}`
  for (const path of pathsIn(schema)) {
    for (const value of isText(path.at(-1)!.schema) ? texts : containers) yield bodyWith(schema, path, value)
  }
  // All texts of a body at once.
  const whole = Object.keys(schema.properties ?? {}).map(
    (name) => `"${name}":${JSON.stringify('a.'.repeat(bytes / 50))}`,
  )
  yield `{${whole.join()}}`
}

function nested(bytes: number): string {
  return `${'{"a":'.repeat(bytes / 6)}0${'}'.repeat(bytes / 6)}`
}

interface Step {
  /** The name of a field; undefined for an item. */
  name: string | undefined
  schema: Schema
}

/** The way to each text, list and map in a schema. */
function pathsIn(schema: Schema, before: Step[] = []): Step[][] {
  const below = Object.entries(schema.properties ?? {}).flatMap(([name, inner]) =>
    pathsIn(inner, [...before, { name, schema: inner }]),
  )
  const items = schema.items
    ? pathsIn(schema.items, [...before, { name: undefined, schema: schema.items }])
    : []
  const isContainer = ['object', 'array', 'string'].some((type) => [schema.type].flat().includes(type))
  return [...(before.length > 0 && isContainer ? [before] : []), ...below, ...items]
}

function isText(schema: Schema): boolean {
  return [schema.type].flat().includes('string')
}

/** A body that is right but for `value` at the end of `path`. */
function bodyWith(schema: Schema, [step, ...rest]: Step[], value: string): string {
  if (!step) return value
  const inner = bodyWith(step.schema, rest, value)
  if (step.name === undefined) return `[${inner}]`
  const others = Object.entries(sampleBody(schema)).filter(([name]) => name !== step.name)
  const fields = others.map(([name, sample]) => `${JSON.stringify(name)}:${JSON.stringify(sample)}`)
  return `{${[...fields, `${JSON.stringify(step.name)}:${inner}`].join()}}`
}
