import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { type ErrorCode, errorCodes, fieldCodes } from '../lib/error-codes.ts'
import { type FieldError, Refusal } from '../lib/errors.ts'
import { named, oneOf } from '../lib/schema.ts'

/** The body of every error. */
export const ErrorResponse = named(
  'Error',
  Type.Object({
    error: Type.String({ description: 'One sentence with the field and the rule.' }),
    code: oneOf(Object.keys(errorCodes) as ErrorCode[], {
      description: 'What a program can rely on: sentences may change, the meaning of a code does not.',
    }),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          field: Type.String(),
          message: Type.String(),
          code: oneOf([...fieldCodes]),
          limit: Type.Optional(
            Type.Number({
              description:
                'With a code about a size: the number of characters or items, or the smallest or largest number.',
            }),
          ),
        }),
        { description: 'With 422: each invalid field and its rule.' },
      ),
    ),
  }),
)

/** Replaces messages of Fastify, which contain internal paths, limits and types. */
const fastifyMessages: Record<string, string> = {
  FST_ERR_BAD_URL: 'the path is not a valid URL path',
  FST_ERR_CTP_BODY_TOO_LARGE: 'the body is larger than this server accepts',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'the length of the body differs from its Content-Length',
  FST_ERR_CTP_INVALID_JSON_BODY: 'the body is not valid JSON',
  FST_ERR_CTP_INVALID_MEDIA_TYPE:
    'send the body as JSON, with the header Content-Type: application/json, or as a form',
  FST_ERR_REQUEST_TIMEOUT: 'the request took too long to arrive',
}

interface ErrorBody {
  error: string
  code: ErrorCode
  errors?: FieldError[]
}

/** Sends an error: a sentence for the caller. The details of an error of the server are only in the log. */
export function sendError(error: FastifyError | Refusal, request: FastifyRequest, reply: FastifyReply): void {
  const { status, body } = describeError(error, request, reply)
  reply.code(status).send(body)
}

/** Logs an error and sets the headers of its response. Returns its status and its body. */
export function describeError(
  error: FastifyError | Refusal,
  request: FastifyRequest,
  reply: FastifyReply,
): { status: number; body: ErrorBody } {
  const status = statusOf(error)
  if (status >= 500) request.log.error({ requestId: request.id, err: causeOf(error) }, 'request failed')
  if (status === 503) reply.header('retry-after', '1')
  if (error instanceof Refusal && error.retryAfter) reply.header('retry-after', String(error.retryAfter))
  if (status === 401) reply.header('www-authenticate', 'Bearer')
  // Otherwise Fastify closes the connection at once, before the client can read the error. See endUnreadRequests().
  if (status === 413) reply.removeHeader('connection')
  return { status, body: bodyOf(error, status) }
}

function statusOf(error: FastifyError | Refusal): number {
  if (error instanceof Refusal) return errorCodes[error.code]
  return error.statusCode && error.statusCode >= 400 && error.statusCode < 600 ? error.statusCode : 500
}

function bodyOf(error: FastifyError | Refusal, status: number): ErrorBody {
  if (error instanceof Refusal) {
    const { message, code, fields, details } = error
    return { error: message, code, ...(fields ? { errors: fields } : {}), ...details }
  }
  const code = codeOf(status)
  if (code === 'internal_error')
    return { error: 'internal error: the log of the server contains the details with this request id', code }
  return { error: fastifyMessages[error.code] ?? error.message, code }
}

/** The general code of a status: the first one in the list. */
export function codeOf(status: number): ErrorCode {
  const codes = Object.keys(errorCodes) as ErrorCode[]
  const code = codes.find((one) => errorCodes[one] === status)
  return code ?? (status < 500 ? 'malformed' : 'internal_error')
}

function causeOf(error: Error): Error {
  return error.cause instanceof Error ? error.cause : error
}
