import { isUtf8 } from 'node:buffer'
import type { FastifyInstance, preParsingHookHandler } from 'fastify'
import type { FieldCode } from '../lib/error-codes.ts'
import { invalid, Refusal } from '../lib/errors.ts'
import { isStorable, storableRule } from '../lib/validate.ts'

const maxDepth = 32
// Values (fields and items) in one body. Creating a million of them blocks the event loop for seconds.
const maxValues = 20_000
const maxNameLength = 255
/** How long a client may take to send a body, without its files, in milliseconds. */
export const bodyTimeout = 60_000

/**
 * Reads JSON bodies. Refuses bytes that are not UTF-8 instead of silently replacing them, texts that a database cannot store
 * unchanged (NUL, unpaired surrogates), and harmful nesting.
 */
export function readJsonBodies(app: FastifyInstance<never>): void {
  app.addHook('onRequest', ({ headers }, _, done) => {
    const encoding = headers['content-encoding']
    if (encoding === undefined || encoding === 'identity') return done()
    const rule = 'send the body uncompressed, without the header Content-Encoding'
    done(new Refusal('unsupported_media_type', rule))
  })
  // Many clients always send the header, with whatever they send otherwise, even if there is no body.
  app.addHook('onRequest', ({ raw: { headers } }, _, done) => {
    const { 'content-length': length = '0', 'transfer-encoding': encoding } = headers
    if (length === '0' && encoding === undefined) delete headers['content-type']
    done()
  })
  ;(app as unknown as FastifyInstance).addHook('preParsing', limitBodyTime)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_, body: Buffer, done) => {
    if (body.length === 0) return done(null, undefined)
    if (!isUtf8(body)) return done(new Refusal('malformed', 'the body is not valid UTF-8'))
    try {
      done(null, parseStorable(body.toString('utf8'), ''))
    } catch (refusal) {
      done(refusal as Refusal)
    }
  })
}

const limitBodyTime: preParsingHookHandler = ({ raw, headers }, _, body, done) => {
  // Usually the body has arrived together with the headers, and no timer is needed.
  if (!raw.complete && !/^(?:multipart\/|message\/rfc822)/i.test(headers['content-type'] ?? '')) {
    const timer = setTimeout(() => raw.destroy(), bodyTimeout).unref()
    raw.once('end', () => clearTimeout(timer)).once('close', () => clearTimeout(timer))
  }
  done(null, body)
}

/**
 * Parses JSON by the rules for bodies. `at` is the field that contains the JSON, '' for the whole body. Throws `malformed`,
 * `invalid` and `too_large`.
 */
export function parseStorable(text: string, at: string): unknown {
  assertParseable(text)
  const value = parse(text, at)
  assertStorable(value, at, 0)
  return value
}

/**
 * Refuses JSON that would take long to parse, before any value is created: with too many fields and items (each follows a
 * comma, or is the first one of its container), or nested too deeply.
 */
function assertParseable(json: string): void {
  // A value and its comma take at least two characters.
  if (json.length < 2 * maxValues) return
  let values = 0
  let depth = 0
  let isInString = false
  for (let i = 0; i < json.length; i++) {
    const character = json[i]!
    if (isInString && character === '\\') i++
    else if (character === '"') isInString = !isInString
    else if (isInString) continue
    else if (character === ',') values++
    else if (character === '[' || character === '{') {
      values++
      if (++depth > maxDepth) throw tooDeep()
    } else if (character === ']' || character === '}') depth--
  }
  if (values > maxValues) {
    throw new Refusal('too_large', `the body has more than ${maxValues} fields and items`)
  }
}

function tooDeep(): Refusal {
  return unstorable('', `must not be nested deeper than ${maxDepth} levels`, 'too_large')
}

function parse(text: string, at: string): unknown {
  try {
    // Only long numbers can lose precision, and the check of each number is slow.
    return JSON.parse(text.replace(/^\uFEFF/, ''), /\d{16}/.test(text) ? exactNumber : undefined)
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw at
      ? invalid(at, 'must be valid JSON', 'wrong_format')
      : new Refusal('malformed', 'the body is not valid JSON')
  }
}

// TypeScript does not know the third parameter yet: https://tc39.es/proposal-json-parse-with-source/
function exactNumber(name: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source ?? ''
  if (typeof value === 'number' && /^-?\d+$/.test(source) && String(value) !== source) {
    throw unstorable(name, `must not be ${source.slice(0, 40)}: send a whole number beyond 2^53 as a string`)
  }
  return value
}

function assertStorable(value: unknown, at: string, depth: number): void {
  if (typeof value === 'string') return assertText(value, at)
  // JSON.parse reads 1e400 as Infinity, which would be stored as null.
  if (value === Infinity || value === -Infinity)
    throw unstorable(at, 'must not contain a number beyond the range of doubles', 'too_large')
  if (typeof value !== 'object' || value === null) return
  if (depth >= maxDepth) throw tooDeep()
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) assertStorable(item, `${at}[${index}]`, depth + 1)
    return
  }
  for (const [name, inner] of Object.entries(value)) {
    assertText(name, at)
    if (name.length > maxNameLength)
      throw unstorable(at, `must not have a field name of more than ${maxNameLength} characters`, 'too_long')
    // Code that copies such a field carelessly changes the prototype (prototype pollution).
    if (name === '__proto__') throw unstorable(at, 'must not have a field named __proto__')
    assertStorable(inner, at ? `${at}.${name}` : name, depth + 1)
  }
}

function assertText(text: string, at: string): void {
  if (!isStorable(text)) throw unstorable(at, storableRule)
}

function unstorable(at: string, message: string, code: FieldCode = 'wrong_format'): Refusal {
  return invalid(at || 'body', message, code)
}
