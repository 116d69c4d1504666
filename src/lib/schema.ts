import { type Static, type TSchema, Type } from 'typebox'

/** A schema that others name: `name` is its key in the OpenAPI document. */
export function named<T extends TSchema>(name: string, schema: T): T & { $id: string } {
  return { ...schema, $id: name }
}

/** Stands for a named schema without repeating it. */
export function ref<T extends TSchema & { $id: string }>(schema: T) {
  return Type.Unsafe<Static<T>>({ $ref: `${schema.$id}#` })
}

/** One of `values`. */
export function oneOf<const V extends string[]>(values: V, options: object = {}) {
  return Type.Unsafe<V[number]>({ type: 'string', enum: values, ...options })
}

/** `schema`, which must have a `type`, or null. (A union of schemas would be validated once more on serializing.) */
export function nullable<T extends TSchema>(schema: T) {
  const { type, enum: values, ...rest } = schema as T & { type: string; enum?: unknown[] }
  return Type.Unsafe<Static<T> | null>({
    type: [type, 'null'],
    ...(values ? { enum: [...values, null] } : {}),
    ...rest,
  })
}

/** A JSON object with fields of the client's own choice, in an answer. */
export function anyObject(options: object = {}) {
  return Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true, ...options })
}

/** The same in a body. `attributesText()` limits its bytes. */
export function attributes(options: object = {}) {
  return anyObject({ maxProperties: 1000, ...options })
}

/** A positive whole number that JavaScript clients read exactly. */
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
 * The form of an e-mail address, as part of a string's schema. No two adjacent parts of the pattern match the same
 * character: if they do, the time grows with the square of the length.
 */
export const emailForm = {
  pattern: '^[^\\s@]+@[^\\s@.]+(?:\\.[^\\s@.]+)+$',
  errorMessage: 'must be an e-mail address',
}

/** A piece of text with something in it other than white space. */
export function filledText(maxLength: number, options: object = {}) {
  return Type.String({
    minLength: 1,
    maxLength,
    pattern: '\\S',
    errorMessage: 'must not be empty',
    ...options,
  })
}
