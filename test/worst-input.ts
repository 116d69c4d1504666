import { interlacedPng } from './files.ts'
import { type Schema, sampleBody } from './operations.ts'

/*
 * The most expensive input of a given size for patterns, validators and parsers.
 */

const units = ['.', 'a.', '-a', ' ', '9', '"', '\u0301', '\u0001', '𝒳', 'http://a']

/** Returns texts, each about `bytes` long as JSON. */
export function worstTexts(bytes: number): string[] {
  const repeated = units.map((unit) => unit.repeat(bytes / (Buffer.byteLength(JSON.stringify(unit)) - 2)))
  // Slow patterns backtrack if their end does not match.
  return [...repeated, `a@${'.'.repeat(bytes)}@`, `+1${'5'.repeat(bytes)}x`, `http://${'.'.repeat(bytes)}\n`]
}

/** Yields JSON bodies of about `bytes` each for a schema: in each of them, another part has the worst value. */
export function* worstBodies(schema: Schema, bytes: number): Generator<string> {
  const list = (item: string) => `[${`${item},`.repeat(Math.floor(bytes / (item.length + 1)) - 2)}${item}]`
  const items = ['0', '{}', '[]', '""', '{"a":0}', '1234567890123456789']
  // Few enough that the parser accepts them, so that the validator gets them.
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
  const fields = Object.keys(schema.properties ?? {}).map(
    (name) => `"${name}":${JSON.stringify('a.'.repeat(bytes / 50))}`,
  )
  yield `{${fields.join()}}`
}

function nested(bytes: number): string {
  return `${'{"a":'.repeat(bytes / 6)}0${'}'.repeat(bytes / 6)}`
}

interface Step {
  /** The name of a field; undefined for an item of an array. */
  name: string | undefined
  schema: Schema
}

/** Returns the paths of all texts, lists and maps in a schema. */
function pathsIn(schema: Schema, before: Step[] = []): Step[][] {
  const inFields = Object.entries(schema.properties ?? {}).flatMap(([name, inner]) =>
    pathsIn(inner, [...before, { name, schema: inner }]),
  )
  const inItems = schema.items
    ? pathsIn(schema.items, [...before, { name: undefined, schema: schema.items }])
    : []
  const isContainer = ['object', 'array', 'string'].some((type) => [schema.type].flat().includes(type))
  return [...(before.length > 0 && isContainer ? [before] : []), ...inFields, ...inItems]
}

function isText(schema: Schema): boolean {
  return [schema.type].flat().includes('string')
}

/** Returns a valid body, except for `value` at `path`. */
function bodyWith(schema: Schema, [step, ...rest]: Step[], value: string): string {
  if (!step) return value
  const inner = bodyWith(step.schema, rest, value)
  if (step.name === undefined) return `[${inner}]`
  const others = Object.entries(sampleBody(schema)).filter(([name]) => name !== step.name)
  const fields = others.map(([name, sample]) => `${JSON.stringify(name)}:${JSON.stringify(sample)}`)
  return `{${[...fields, `${JSON.stringify(step.name)}:${inner}`].join()}}`
}

/** Returns the worst forms for a route that accepts files, by their descriptions. */
export async function worstForms(): Promise<Map<string, FormData | string>> {
  const megabytes = 'x'.repeat(2 * 1024 * 1024)
  const repeated = (count: number, add: (form: FormData, name: string) => void) => {
    const form = new FormData()
    for (let i = 0; i < count; i++) add(form, `f${i}`)
    return form
  }
  const png = new Blob([new Uint8Array(await interlacedPng(14_800, 1))], { type: 'image/png' })
  const nestedJson = `{"a":`.repeat(150_000)
  const oneField = (name: string, value: string) => repeated(1, (form) => form.append(name, value))
  return new Map<string, FormData | string>([
    ['fields of 2 MiB', repeated(30, (form, name) => form.append(name, megabytes))],
    ['a thousand fields', repeated(1000, (form, name) => form.append(name, 'x'))],
    ['a long content', oneField('content', 'a.'.repeat(500_000))],
    ['a field name of 2 MiB', oneField(megabytes, 'x')],
    ['deep attributes', oneField('content_attributes', nestedJson)],
    ['pictures that need much memory', repeated(5, (form, name) => form.append('attachments[]', png, name))],
    ['a file name of 2 MiB', repeated(1, (form) => form.append('attachments[]', new Blob(['x']), megabytes))],
    ['parts without names', `${'--x\r\n\r\nx\r\n'.repeat(200_000)}--x--\r\n`],
    ['a part that is all headers', `--x\r\n${'a: b\r\n'.repeat(300_000)}\r\n--x--\r\n`],
  ])
}
