import type { FastifySchemaCompiler } from 'fastify'
import type { TObject } from 'typebox'
import { type FieldError, invalidFields, notFound } from '../lib/errors.ts'
import { parseId } from '../lib/schema.ts'
import { checker, isStorable, malformed, storableRule } from '../lib/validate.ts'
import { fieldOf } from './forms.ts'

/**
 * Compiles the schema of a part of the request. Path and query are text, and are converted to their declared types first.
 * Bodies are not, except for ids: many programs keep them as text. An invalid path is 404, an invalid query or header 400, an invalid body 422.
 */
export const validatorCompiler: FastifySchemaCompiler<TObject> = ({ schema, httpPart }) => {
  const check = checker(schema)
  if (httpPart === 'body') {
    const ids = idFields(schema)
    return (body) => {
      readIds(body, ids)
      const errors = check(body)
      if (errors.length === 0) return { value: body }
      return { error: invalidFields(errors.map((error) => ({ ...error, field: error.field || 'body' }))) }
    }
  }
  return (texts: Record<string, unknown>) => {
    const unknown = httpPart === 'querystring' ? unknownWord(schema, texts) : undefined
    if (unknown !== undefined) return { error: malformed([unknown]) }
    const value = httpPart === 'headers' ? texts : fromText(schema, texts)
    const schemaErrors = check(value)
    const errors = schemaErrors.length > 0 ? schemaErrors : storageErrors(value)
    if (errors.length === 0) return { value }
    return { error: httpPart === 'params' ? notFound('this path was') : malformed(errors) }
  }
}

/** The names of the fields of a body that contain the id of something. */
function idFields({ properties = {} }: TObject): string[] {
  const isId = (name: string) =>
    name.endsWith('_id') &&
    [(properties[name] as { type?: string | string[] }).type].flat().includes('integer')
  return Object.keys(properties).filter(isId)
}

function readIds(body: unknown, names: readonly string[]): void {
  if (names.length === 0 || typeof body !== 'object' || body === null) return
  const fields = body as Record<string, unknown>
  for (const name of names) {
    const value = fields[name]
    if (typeof value === 'string') fields[name] = parseId(value) ?? value
  }
}

/** Checks path and query. For bodies, the parser has already done it. */
function storageErrors(values: Record<string, unknown>): FieldError[] {
  const isStored = (value: unknown) => typeof value !== 'string' || isStorable(value)
  return Object.entries(values).flatMap(([field, value]) =>
    [value].flat().every(isStored) ? [] : [{ field, message: storableRule, code: 'wrong_format' as const }],
  )
}

/** The error for a word that a query does not have, if it refuses those (`listQuery`). */
function unknownWord(
  { properties = {}, additionalProperties }: TObject & { additionalProperties?: unknown },
  texts: Record<string, unknown>,
): FieldError | undefined {
  if (additionalProperties !== false) return undefined
  const isKnown = (name: string) => {
    const field = fieldOf(name, properties)
    return (
      field === name || (field !== undefined && (properties[field] as { type?: string }).type === 'array')
    )
  }
  const unknown = Object.keys(texts).find((name) => !isKnown(name))
  if (unknown === undefined) return undefined
  const words = Object.keys(properties)
  const rule = words.length > 0 ? `use ${words.join(', ')}` : 'this list has none'
  return {
    field: shortened(unknown),
    message: `is not a query parameter of this list: ${rule}`,
    code: 'not_allowed',
  }
}

function shortened(name: string): string {
  return JSON.stringify(name.slice(0, 50).toWellFormed())
}

const converters: Record<string, { pattern: RegExp; convert: (text: string) => unknown }> = {
  integer: { pattern: /^(0|-?[1-9]\d{0,15})$/, convert: Number },
  number: { pattern: /^-?\d{1,16}(\.\d{1,9})?$/, convert: Number },
  boolean: { pattern: /^(true|false)$/, convert: (text) => text === 'true' },
}

function fromText({ properties }: TObject, texts: Record<string, unknown>): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const [name, property] of Object.entries(properties)) {
    const { type = '' } = property as { type?: string }
    if (type === 'array') {
      const list = listIn([texts[name], texts[`${name}[]`]].flat())
      if (list !== undefined) values[name] = list
      continue
    }
    const text = texts[name]
    if (text === undefined) continue
    const converter = converters[type]
    values[name] = typeof text === 'string' && converter?.pattern.test(text) ? converter.convert(text) : text
  }
  return values
}

/** The items of a list: repeated, or separated by commas. */
function listIn(texts: unknown[]): string[] | undefined {
  const given = texts.filter((text) => typeof text === 'string')
  if (given.length === 0) return undefined
  const items = given.flatMap((text) => text.split(',', 1000)).map((item) => item.trim())
  return [...new Set(items.filter((item) => item !== ''))]
}
