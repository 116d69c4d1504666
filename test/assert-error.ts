import assert from 'node:assert/strict'
import { type ErrorCode, errorCodes, fieldCodes } from '../src/lib/error-codes.ts'

/** Asserts that a body is that of an error: with a sentence, a code of the list that fits the status, and fields if any. */
export function assertErrorBody(status: number, body: unknown): void {
  const text = JSON.stringify(body)
  // Only the error that refuses a draft has the other one.
  const { error, code, errors, draft, ...rest } = body as Record<string, unknown>
  assert.ok(typeof error === 'string' && error !== '', text)
  assert.deepEqual(rest, {}, text)
  assert.equal(errorCodes[code as ErrorCode], status, text)
  if (errors === undefined) return
  assert.ok(Array.isArray(errors) && errors.length > 0, text)
  for (const { field, message, code, limit, ...rest } of errors) {
    assert.ok(typeof field === 'string' && typeof message === 'string', text)
    assert.ok(fieldCodes.includes(code), text)
    assert.ok(limit === undefined || (/^too_/.test(code) && message.includes(String(limit))), text)
    assert.deepEqual(rest, {}, text)
  }
}
