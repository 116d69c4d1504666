import { isUtf8 } from 'node:buffer'
import type { FastifyInstance, preParsingHookHandler } from 'fastify'
import { invalid, Refusal } from '../lib/errors.ts'
import { isStorable, storableRule } from '../lib/validate.ts'

const deepest = 32
// Values (fields, items) in one body: creating a million of them blocks the event loop for seconds.
const mostValues = 20_000
const longestName = 255
/** Milliseconds until a body has arrived, apart from its files. */
export const longestBody = 60_000

/**
 * Reads JSON bodies: bytes that are no UTF-8 are refused instead of being replaced in silence, and so is what no
 * engine could give back as it came (the NUL character, half a surrogate pair) or what is nested to do harm.
 */
export function readJsonBodies(app: FastifyInstance<never>): void {
  app.addHook('onRequest', async ({ headers }) => {
    const encoding = headers['content-encoding']
    if (encoding === undefined || encoding === 'identity') return
    throw new Refusal('unsupported', 'send the body as it is, without Content-Encoding')
  })
  ;(app as unknown as FastifyInstance).addHook('preParsing', cutOffLateBody)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_, body: Buffer, done) => {
    // Clients that always send the header also send it with a DELETE that has no body.
    if (body.length === 0) return done(null, undefined)
    if (!isUtf8(body)) return done(new Refusal('malformed', 'the body is not valid UTF-8'))
    try {
      done(null, parseStorable(body.toString('utf8'), ''))
    } catch (refusal) {
      done(refusal as Refusal)
    }
  })
}

const cutOffLateBody: preParsingHookHandler = ({ raw, headers }, _, body, done) => {
  // Nearly always the body is there with the headers, and no timer is needed.
  if (!raw.complete && !headers['content-type']?.toLowerCase().startsWith('multipart/')) {
    const late = setTimeout(() => raw.destroy(), longestBody).unref()
    raw.once('end', () => clearTimeout(late)).once('close', () => clearTimeout(late))
  }
  done(null, body)
}

/** Reads JSON by the same rules; `at` is the field that holds it, '' if it is the whole body. */
export function parseStorable(text: string, at: string): unknown {
  assertModest(text)
  const value = parsed(text, at)
  assertStorable(value, at, 0)
  return value
}

/**
 * Refuses what would take the parser long, before it creates a value: too many fields and items (each follows a comma, or
 * is the first of its container), and what is nested too deep.
 */
function assertModest(json: string): void {
  // The shortest value and its comma take two characters.
  if (json.length < 2 * mostValues) return
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
      if (++depth > deepest) throw tooDeep()
    } else if (character === ']' || character === '}') depth--
  }
  if (values > mostValues) {
    throw new Refusal('too_large', `the body has more than ${mostValues} fields and items`)
  }
}

function tooDeep(): Refusal {
  return unstorable('', `must not be nested deeper than ${deepest} levels`)
}

function parsed(text: string, at: string): unknown {
  try {
    // Only a long number can be one that comes out as another, and looking at each costs.
    return JSON.parse(text.replace(/^\uFEFF/, ''), /\d{16}/.test(text) ? exactNumber : undefined)
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw at ? invalid(at, 'must be valid JSON') : new Refusal('malformed', 'the body is not valid JSON')
  }
}

// The third parameter is newer than TypeScript's own types: https://tc39.es/proposal-json-parse-with-source/
function exactNumber(name: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source ?? ''
  if (typeof value === 'number' && /^-?\d+$/.test(source) && String(value) !== source) {
    throw unstorable(
      name,
      `must not be ${source.slice(0, 40)}: a whole number beyond 2^53 needs to be a string`,
    )
  }
  return value
}

function assertStorable(value: unknown, at: string, depth: number): void {
  if (typeof value === 'string') return assertText(value, at)
  // What JSON.parse makes of 1e400 would be stored as null.
  if (value === Infinity || value === -Infinity)
    throw unstorable(at, 'must not hold a number beyond the double range')
  if (typeof value !== 'object' || value === null) return
  if (depth >= deepest) throw tooDeep()
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) assertStorable(item, `${at}[${index}]`, depth + 1)
    return
  }
  for (const [name, inner] of Object.entries(value)) {
    assertText(name, at)
    if (name.length > longestName)
      throw unstorable(at, `must not have a field name of more than ${longestName} characters`)
    // Copied with care it is a field like another; copied without, it changes what every object can do.
    if (name === '__proto__') throw unstorable(at, 'must not have a field named __proto__')
    assertStorable(inner, at ? `${at}.${name}` : name, depth + 1)
  }
}

function assertText(text: string, at: string): void {
  if (!isStorable(text)) throw unstorable(at, storableRule)
}

function unstorable(at: string, message: string): Refusal {
  return invalid(at || 'body', message)
}
