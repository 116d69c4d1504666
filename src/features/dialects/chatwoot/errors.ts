import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { credentialOf } from '../../../http/auth.ts'
import { describeError } from '../../../http/errors.ts'
import { type FieldError, Refusal } from '../../../lib/errors.ts'
import { maxContent } from '../../messages/schema.ts'

/** Sends an error as Chatwoot does. Its clients know some by their words, so those are the same. */
export function sendChatwootError(
  error: FastifyError | Refusal,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const { status, body } = describeError(error, request, reply)
  const translated = error instanceof Refusal ? translate(error, request) : undefined
  reply.code(translated?.status ?? status).send(translated?.body ?? { error: body.error })
}

function translate(refusal: Refusal, request: FastifyRequest): { status: number; body: object } | undefined {
  switch (refusal.code) {
    case 'unauthenticated':
      return { status: 401, body: unauthenticated(request) }
    case 'wrong_credentials':
      return {
        status: 401,
        body: { success: false, errors: ['Invalid login credentials. Please try again.'] },
      }
    case 'forbidden':
    case 'administrator_required':
    case 'missing_scope':
      return { status: 401, body: { error: 'You are not authorized to do this action' } }
    case 'not_found':
    case 'route_not_found':
    case 'unknown_source_id':
      return { status: 404, body: { error: 'Resource could not be found' } }
    case 'malformed':
      return { status: 422, body: { error: refusal.message } }
    case 'invalid':
      return { status: 422, body: invalid(refusal) }
    default:
      return undefined
  }
}

function unauthenticated(request: FastifyRequest): object {
  if (credentialOf(request)?.kind === 'token') return { error: 'Invalid Access Token' }
  return { errors: ['You need to sign in or sign up before continuing.'] }
}

/** A rule of a model is broken: its sentence, and the names of the fields. */
function invalid({ message, fields = [] }: Refusal): object {
  const known = fields.flatMap((field) => knownSentence(field) ?? [])[0]
  if (known !== undefined) return { error: known }
  // Filters are no model.
  if (fields.some(({ field }) => field.startsWith('payload'))) return { error: message }
  const taken = fields.filter(({ code }) => code === 'taken').map(({ field }) => field)
  if (taken.length > 0) return { message: takenSentence(taken[0]!), attributes: taken }
  return { message, attributes: [...new Set(fields.map(({ field }) => field))] }
}

function takenSentence(field: string): string {
  const words = field.replaceAll('_', ' ')
  return `${words.charAt(0).toUpperCase()}${words.slice(1)} has already been taken`
}

function knownSentence({ field, code, message }: FieldError): string | undefined {
  const name = field.replace(/^message\./, '')
  if (name === 'content' && code === 'too_long')
    return `Validation failed: Content is too long (maximum is ${maxContent} characters)`
  if (name === 'message_type' && message.startsWith('must be outgoing'))
    return 'Incoming messages are only allowed in Api inboxes'
  return undefined
}
