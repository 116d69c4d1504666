import { isUtf8 } from 'node:buffer'
import type { FastifyInstance } from 'fastify'
import { invalid, Refusal } from '../lib/errors.ts'

const deepest = 32

/**
 * Reads JSON bodies: bytes that are no UTF-8 are refused instead of being replaced in silence, and so is what no
 * engine could give back as it came (the NUL character, half a surrogate pair) or what is nested to do harm.
 */
export function readJsonBodies(app: FastifyInstance<never>): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_, body: Buffer, done) => {
    // Clients that always send the header also send it with a DELETE that has no body.
    if (body.length === 0) return done(null, undefined)
    if (!isUtf8(body)) return done(new Refusal('malformed', 'the body is not valid UTF-8'))
    try {
      const value = parsed(body.toString('utf8'))
      assertStorable(value, '', 0)
      done(null, value)
    } catch (refusal) {
      done(refusal as Refusal)
    }
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    throw new Refusal('malformed', 'the body is not valid JSON')
  }
}

function assertStorable(value: unknown, at: string, depth: number): void {
  if (typeof value === 'string') return assertText(value, at)
  // What JSON.parse makes of 1e400 would be stored as null.
  if (value === Infinity || value === -Infinity)
    throw unstorable(at, 'must not hold a number beyond the double range')
  if (typeof value !== 'object' || value === null) return
  if (depth >= deepest) throw unstorable('', `must not be nested deeper than ${deepest} levels`)
  const isList = Array.isArray(value)
  for (const [name, inner] of Object.entries(value)) {
    if (!isList) assertText(name, at)
    // Copied with care it is a field like another; copied without, it changes what every object can do.
    if (name === '__proto__') throw unstorable(at, 'must not have a field named __proto__')
    assertStorable(inner, isList ? `${at}[${name}]` : at ? `${at}.${name}` : name, depth + 1)
  }
}

function assertText(text: string, at: string): void {
  if (text.isWellFormed() && !text.includes('\0')) return
  throw unstorable(at, 'must not contain the NUL character or half of a surrogate pair')
}

function unstorable(at: string, message: string): Refusal {
  return invalid(at || 'body', message)
}
