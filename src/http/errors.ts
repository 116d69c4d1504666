import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { type FieldError, type Reason, Refusal } from '../lib/errors.ts'

const statuses: Record<Reason, number> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  unsupported: 415,
  invalid: 422,
  too_many: 429,
  unavailable: 503,
}

/** What Fastify itself refuses, in our words: its own name paths, limits and types of ours. */
const ownWords: Record<string, string> = {
  FST_ERR_BAD_URL: 'the path is not a valid URL path',
  FST_ERR_CTP_BODY_TOO_LARGE: 'the body is larger than this server takes',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'the body is not as long as its Content-Length says',
  FST_ERR_CTP_INVALID_JSON_BODY: 'the body is not valid JSON',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'send the body as JSON, with the header Content-Type: application/json',
  FST_ERR_REQUEST_TIMEOUT: 'the request took too long to arrive',
}

interface ErrorBody {
  error: string
  errors?: FieldError[]
}

/** Answers an error: what the caller did wrong in a sentence; what we did wrong in the log only. */
export function answerError(
  error: FastifyError | Refusal,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const status = statusOf(error)
  if (status >= 500) request.log.error({ requestId: request.id, err: withCause(error) }, 'request failed')
  if (status === 503) reply.header('retry-after', '1')
  if (error instanceof Refusal && error.retryAfter) reply.header('retry-after', String(error.retryAfter))
  if (status === 401) reply.header('www-authenticate', 'Bearer')
  // Fastify closes the connection at once then, and the client would not get to read why. See endUnreadRequests().
  if (status === 413) reply.removeHeader('connection')
  reply.code(status).send(bodyOf(error, status))
}

function statusOf(error: FastifyError | Refusal): number {
  if (error instanceof Refusal) return statuses[error.reason]
  return error.statusCode && error.statusCode >= 400 && error.statusCode < 600 ? error.statusCode : 500
}

function bodyOf(error: FastifyError | Refusal, status: number): ErrorBody {
  if (error instanceof Refusal) {
    return error.fields ? { error: error.message, errors: error.fields } : { error: error.message }
  }
  if (status === 500)
    return { error: 'something went wrong on our side; the log has it under this request id' }
  return { error: ownWords[error.code] ?? error.message }
}

function withCause(error: Error): Error {
  return error.cause instanceof Error ? error.cause : error
}
