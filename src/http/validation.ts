import type { FastifySchemaCompiler } from 'fastify'
import type { TObject } from 'typebox'
import { type FieldError, invalidFields, notFound } from '../lib/errors.ts'
import { checker, isStorable, malformed, storableRule } from '../lib/validate.ts'

/**
 * Compiles the schema of a part of the request. JSON bodies are never coerced; path and query arrive as text and are
 * read by their declared type first. What a wrong one means differs: a path that cannot name anything is 404, a query
 * of the wrong form 400, a body that breaks a rule 422.
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
    const broken = check(value)
    const errors = broken.length > 0 ? broken : unstorable(value)
    if (errors.length === 0) return { value }
    return { error: httpPart === 'params' ? notFound('this path was') : malformed(errors) }
  }
}

/** Bodies are looked at while they are read. */
function unstorable(values: Record<string, unknown>): FieldError[] {
  return Object.entries(values).flatMap(([field, value]) =>
    typeof value === 'string' && !isStorable(value) ? [{ field, message: storableRule }] : [],
  )
}

const forms: Record<string, { form: RegExp; read: (text: string) => unknown }> = {
  integer: { form: /^(0|-?[1-9]\d{0,15})$/, read: Number },
  number: { form: /^-?\d{1,16}(\.\d{1,9})?$/, read: Number },
  boolean: { form: /^(true|false)$/, read: (text) => text === 'true' },
}

function fromText({ properties }: TObject, texts: Record<string, unknown>): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const [name, property] of Object.entries(properties)) {
    const text = texts[name]
    if (text === undefined) continue
    const type = forms[(property as { type?: string }).type ?? '']
    values[name] = typeof text === 'string' && type?.form.test(text) ? type.read(text) : text
  }
  return values
}
