import { type Static, type TObject, type TProperties, type TSchema, Type } from 'typebox'

/** Names a schema, so that `ref()` can refer to it. `name` is its key in the OpenAPI document. */
export function named<T extends TSchema>(name: string, schema: T): T & { $id: string } {
  return { ...schema, $id: name }
}

/** A reference to a named schema. */
export function ref<T extends TSchema & { $id: string }>(schema: T) {
  return Type.Unsafe<Static<T>>({ $ref: `${schema.$id}#` })
}

/**
 * The query of a list. An unknown word is refused (400): somebody who misspells a filter would otherwise get everything.
 */
export function listQuery<const P extends TProperties = Record<never, never>>(
  properties = {} as P,
): TObject<P> {
  return Type.Object(properties, { additionalProperties: false })
}

/** A string that is one of `values`. */
export function oneOf<const V extends string[]>(values: V, options: object = {}) {
  return Type.Unsafe<V[number]>({ type: 'string', enum: values, ...options })
}

/** `schema`, which must have a `type`, or null. Not a union, because serializing a union validates the value again. */
export function nullable<T extends TSchema>(schema: T) {
  const { type, enum: values, ...rest } = schema as T & { type: string; enum?: unknown[] }
  return Type.Unsafe<Static<T> | null>({
    type: [type, 'null'],
    ...(values ? { enum: [...values, null] } : {}),
    ...rest,
  })
}

/** A JSON object with fields of the client's own choice, in a response. */
export function anyObject(options: object = {}) {
  return Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true, ...options })
}

/** A JSON object with fields of the client's own choice, in a request. `attributesText()` limits its size in bytes. */
export function attributes(options: object = {}) {
  return anyObject({ maxProperties: 1000, ...options })
}

/** A positive integer that JavaScript represents exactly. */
export function id(description?: string) {
  return Type.Integer({
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
    ...(description ? { description } : {}),
  })
}

/** Reads an id in a path that is not validated yet; undefined if it cannot be one. */
export function parseId(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,15}$/.test(text) ? Number(text) : undefined
}

/** Whole seconds since 1970. */
export function seconds(description?: string) {
  return Type.Integer({ description: description ?? 'Unix seconds' })
}

/**
 * The format of an e-mail address, as part of a string schema. No two adjacent parts of the pattern can match the same
 * character; otherwise matching takes quadratic time.
 */
export const emailForm = {
  pattern: '^[^\\s@]+@[^\\s@.]+(?:\\.[^\\s@.]+)+$',
  errorMessage: 'must look like name@example.com',
}

/** The pattern of a text that contains something other than white space. */
export const filledPattern = '\\S'

/** A string that contains something other than white space. */
export function filledText(maxLength: number, options: object = {}) {
  return Type.String({
    minLength: 1,
    maxLength,
    pattern: filledPattern,
    errorMessage: 'must not be empty',
    ...options,
  })
}

/**
 * A secret in the settings of something, such as the password of a mail server. It is stored encrypted (`sealFields`),
 * and responses do not contain it.
 */
export function secretText(maxLength: number, options: object = {}) {
  return filledText(maxLength, { writeOnly: true, ...options })
}
