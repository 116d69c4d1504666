import { isUtf8 } from 'node:buffer'
import type { IncomingHttpHeaders } from 'node:http'
import { Busboy, type BusboyHeaders } from '@fastify/busboy'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { invalid, Refusal } from '../lib/errors.ts'
import { parseStorable } from './body.ts'

// Items of a list count, too. More than any form of a person, and too few to hold up others.
const maxFields = 2000
// Parsing blocks the event loop, and many short texts together are as much as a long one.
const maxJsonLength = 256 * 1024
const limits = {
  fields: maxFields + 1,
  parts: maxFields + 1,
  // Of one part. The headers contain the names, which have no separate limit.
  headerPairs: 20,
  headerSize: 16 * 1024,
}

/** The name of a field of a form, and its text. */
export type FormField = readonly [name: string, text: string]

type Type = string | string[] | undefined

/** The schemas of the fields of a body. */
export type Properties = Record<string, { type?: Type; items?: { type?: Type; contentMediaType?: string } }>

/**
 * Accepts forms without files in place of JSON on all routes. A text is a field as it is; everything else is a field with
 * JSON in it. A list can also be repeated: `labels[]=a&labels[]=b`.
 */
export function readForms(app: FastifyInstance<never>): void {
  parseForms(app, (fields, request) => bodyOf(fields, propertiesOf(request)))
}

/** Makes the bodies of `app` from the fields of forms without files. */
export function parseForms(
  app: FastifyInstance<never>,
  toBody: (fields: FormField[], request: FastifyRequest) => unknown,
): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) =>
      body.length === 0 ? undefined : toBody(parseUrlencoded(body), request),
  )
  app.addContentTypeParser(
    'multipart/form-data',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) =>
      body.length === 0 ? undefined : toBody(await parseMultipart(request.headers, body), request),
  )
}

/** The schemas of the fields of a route's body: of a form if it has one, otherwise of JSON. */
export function propertiesOf(request: FastifyRequest): Properties {
  // biome-ignore lint/suspicious/noExplicitAny: Fastify types it as unknown
  const schema = request.routeOptions.schema?.body as any
  const { 'multipart/form-data': form, 'application/json': json } = schema?.content ?? {}
  return (form ?? json)?.schema.properties ?? schema?.properties ?? {}
}

/** Returns the body that a form means. Fields that the route does not have are left out. Throws `invalid`, `too_large`. */
export function bodyOf(fields: Iterable<FormField>, properties: Properties): Record<string, unknown> {
  const body: Record<string, unknown> = {}
  let jsonLength = 0
  const parsed = (type: Type, text: string, at: string): unknown => {
    if (isOf(type, 'string')) return parseStorable(JSON.stringify(text), at)
    jsonLength += text.length
    if (jsonLength > maxJsonLength)
      throw new Refusal('too_large', `a form can have at most ${maxJsonLength} characters of JSON`)
    return parseStorable(text, at)
  }
  for (const [name, text] of fields) {
    const field = fieldOf(name, properties)
    if (field === undefined) continue
    const { type, items } = properties[field]!
    if (items?.contentMediaType) throw invalid(name, 'must be a file', 'wrong_type')
    const isItem = isOf(type, 'array') && !(field === name && text.startsWith('['))
    if (isItem) body[field] = [...listOf(body[field]), parsed(items?.type, text, field)]
    else body[field] = parsed(type, text, field)
  }
  return body
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

/** The field that a name in a form means: `labels[]` is an item of `labels`. Undefined if the route has none. */
export function fieldOf(name: string, properties: object): string | undefined {
  return [name, name.replace(/\[\]$/, '')].find((one) => Object.hasOwn(properties, one))
}

function isOf(type: Type, wanted: string): boolean {
  return [type].flat().includes(wanted)
}

function parseUrlencoded(body: Buffer): FormField[] {
  // Some programs leave out the escapes.
  if (!isUtf8(body)) throw new Refusal('malformed', 'the body is not valid UTF-8')
  const pairs = body.toString('utf8').split('&', maxFields + 1)
  assertFewFields(pairs.length)
  return pairs
    .filter((pair) => pair !== '')
    .map((pair) => {
      const end = pair.includes('=') ? pair.indexOf('=') : pair.length
      return [decoded(pair.slice(0, end)), decoded(pair.slice(end + 1))]
    })
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw new Refusal('malformed', 'the body is not valid application/x-www-form-urlencoded')
  }
}

function assertFewFields(count: number): void {
  if (count > maxFields) throw new Refusal('too_large', `a form can have at most ${maxFields} fields`)
}

function parseMultipart(headers: IncomingHttpHeaders, body: Buffer): Promise<FormField[]> {
  const { promise, resolve, reject } = Promise.withResolvers<FormField[]>()
  const fields: FormField[] = []
  const malformed = () => reject(new Refusal('malformed', 'the body is not valid multipart/form-data'))
  try {
    const parser = new Busboy({
      headers: headers as BusboyHeaders,
      limits: { ...limits, fieldSize: body.length },
    })
    parser.on('field', (name, text) => fields.push([name, text]))
    parser.on('file', (name, stream) => {
      stream.on('error', () => {}).resume()
      reject(invalid(name || 'body', 'must not be a file', 'not_allowed'))
    })
    parser.on('error', malformed)
    parser.on('finish', () => resolve(fields))
    parser.end(body)
  } catch {
    malformed()
  }
  return promise.then((all) => {
    assertFewFields(all.length)
    return all
  })
}
