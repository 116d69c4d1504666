import type { FastifySchemaCompiler } from 'fastify'
import type { TObject } from 'typebox'
import { type FieldError, invalidFields, notFound } from '../lib/errors.ts'
import { checker, isStorable, malformed, storableRule } from '../lib/validate.ts'

/**
 * Compiles the schema of a part of the request. Path and query are text, and are converted to their declared types first;
 * JSON bodies are never converted. An invalid path is 404, an invalid query or header 400, an invalid body 422.
 */
export const validatorCompiler: FastifySchemaCompiler<TObject> = ({ schema, httpPart }) => {
  const check = checker(schema)
  if (httpPart === 'body') {
    return (body) => {
      const errors = check(body)
      if (errors.length === 0) return { value: body }
      return { error: invalidFields(errors.map((error) => ({ ...error, field: error.field || 'body' }))) }
    }
  }
  return (texts: Record<string, unknown>) => {
    const value = httpPart === 'headers' ? texts : fromText(schema, texts)
    const schemaErrors = check(value)
    const errors = schemaErrors.length > 0 ? schemaErrors : storageErrors(value)
    if (errors.length === 0) return { value }
    return { error: httpPart === 'params' ? notFound('this path was') : malformed(errors) }
  }
}

/** Checks path and query. For bodies, the parser has already done it. */
function storageErrors(values: Record<string, unknown>): FieldError[] {
  return Object.entries(values).flatMap(([field, value]) =>
    typeof value === 'string' && !isStorable(value)
      ? [{ field, message: storableRule, code: 'wrong_format' as const }]
      : [],
  )
}

const converters: Record<string, { pattern: RegExp; convert: (text: string) => unknown }> = {
  integer: { pattern: /^(0|-?[1-9]\d{0,15})$/, convert: Number },
  number: { pattern: /^-?\d{1,16}(\.\d{1,9})?$/, convert: Number },
  boolean: { pattern: /^(true|false)$/, convert: (text) => text === 'true' },
}

function fromText({ properties }: TObject, texts: Record<string, unknown>): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const [name, property] of Object.entries(properties)) {
    const text = texts[name]
    if (text === undefined) continue
    const converter = converters[(property as { type?: string }).type ?? '']
    values[name] = typeof text === 'string' && converter?.pattern.test(text) ? converter.convert(text) : text
  }
  return values
}
