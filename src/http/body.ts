import { isUtf8 } from 'node:buffer'
import type { FastifyInstance } from 'fastify'
import { Refusal } from '../lib/errors.ts'

const deepest = 32

/**
 * Reads JSON bodies: bytes that are no UTF-8 are refused instead of being replaced in silence, and so is what no
 * engine could give back as it came (the NUL character, half a surrogate pair) or what is nested to do harm.
 */
export function readJsonBodies(app: FastifyInstance<never>): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    // Clients that always send the header also send it with a DELETE that has no body.
    if (body.length === 0) return done(null, undefined)
    if (!isUtf8(body)) return done(new Refusal('malformed', 'the body is not valid UTF-8'))
    parse(request, body.toString('utf8'), (error, value) => {
      if (error) return done(new Refusal('malformed', 'the body is not valid JSON'))
      try {
        assertStorable(value, '', 0)
        done(null, value)
      } catch (refusal) {
        done(refusal as Refusal)
      }
    })
  })
}

function assertStorable(value: unknown, at: string, depth: number): void {
  if (typeof value === 'string') return assertText(value, at)
  if (typeof value !== 'object' || value === null) return
  if (depth >= deepest) throw new Refusal('invalid', `the body is nested deeper than ${deepest} levels`)
  const isList = Array.isArray(value)
  for (const [name, inner] of Object.entries(value)) {
    if (!isList) assertText(name, at || 'the body')
    assertStorable(inner, isList ? `${at}[${name}]` : at ? `${at}.${name}` : name, depth + 1)
  }
}

function assertText(text: string, at: string): void {
  if (text.isWellFormed() && !text.includes('\0')) return
  const field = at || 'the body'
  const message = 'must not contain the NUL character or half of a surrogate pair'
  throw new Refusal('invalid', `${field} ${message}`, { fields: [{ field, message }] })
}
