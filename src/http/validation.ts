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
  const read = textReader(schema)
  return (texts: Record<string, unknown>) => {
    const unknown = httpPart === 'querystring' ? unknownWord(schema, texts) : undefined
    if (unknown !== undefined) return { error: malformed([unknown]) }
    const value = httpPart === 'headers' ? texts : read(texts)
    const schemaErrors = check(value)
    const errors = schemaErrors.length === 0 && !areStorable(value) ? storageErrors(value) : schemaErrors
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
function areStorable(values: Record<string, unknown>): boolean {
  for (const name in values) if (!isStored(values[name])) return false
  return true
}

function isStored(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isStored)
  return typeof value !== 'string' || isStorable(value)
}

function storageErrors(values: Record<string, unknown>): FieldError[] {
  const fields = Object.keys(values).filter((name) => !isStored(values[name]))
  return fields.map((field) => ({ field, message: storableRule, code: 'wrong_format' }))
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

/** Returns a function that converts the texts of a path or a query to their types. */
function textReader({ properties = {} }: TObject) {
  const fields = Object.entries(properties).map(([name, property]) => {
    const { type = '' } = property as { type?: string }
    return { name, isList: type === 'array', converter: converters[type] }
  })
  return (texts: Record<string, unknown>): Record<string, unknown> => {
    const values: Record<string, unknown> = {}
    for (const { name, isList, converter } of fields) {
      const text = texts[name]
      if (isList) {
        const list = listIn([text, texts[`${name}[]`]].flat())
        if (list !== undefined) values[name] = list
      } else if (text !== undefined) {
        const isConverted =
          converter !== undefined && typeof text === 'string' && converter.pattern.test(text)
        values[name] = isConverted ? converter.convert(text) : text
      }
    }
    return values
  }
}

/** The items of a list: repeated, or separated by commas. */
function listIn(texts: unknown[]): string[] | undefined {
  const given = texts.filter((text) => typeof text === 'string')
  if (given.length === 0) return undefined
  const items = given.flatMap((text) => text.split(',', 1000)).map((item) => item.trim())
  return [...new Set(items.filter((item) => item !== ''))]
}
