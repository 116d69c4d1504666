import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { errorCodes, fieldCodes } from '../../../src/lib/error-codes.ts'
import { CallError } from '../../shared/api.ts'
import { setLanguage } from '../language.ts'
import { errorStrings } from './error-strings.ts'
import { inOwnWords } from './error-words.ts'

/** Codes that no call of the dashboard can get: they are about tokens, contacts, ranges of files and other programs. */
const ofOtherPrograms = [
  ...['identity_not_proven', 'missing_scope', 'route_not_found', 'unknown_source_id', 'already_answered'],
  ...['unsupported_media_type', 'range_not_satisfiable'],
]

describe('The words for errors of the server', () => {
  after(() => setLanguage('en', {}))

  it('name every code that a user of the dashboard can meet, and every code of a field', () => {
    const known = [...Object.keys(errorStrings.codes), 'invalid', ...ofOtherPrograms]
    assert.deepEqual(known.sort(), Object.keys(errorCodes).sort())
    assert.deepEqual(Object.keys(errorStrings.fields), [...fieldCodes])
  })

  const error = new CallError(422, 'name must have at most 255 characters; email must look like a@b', 7, {
    code: 'invalid',
    errors: [
      { field: 'name', message: 'must have at most 255 characters', code: 'too_long', limit: 255 },
      { field: 'email', message: 'must look like a@b', code: 'wrong_format' },
      { field: 'age', message: 'must be young', code: 'new_code' as 'taken' },
    ],
  })

  it('are those of the server in English', () => {
    setLanguage('en', {})
    assert.equal(inOwnWords(error), error)
  })

  it('are those of another language, with the number of a limit, and with the sentence if a code is general', async () => {
    const { catalogue } = await import('../languages/de.ts')
    setLanguage('de', catalogue)
    const own = inOwnWords(error)
    assert.deepEqual(
      own.fields.map(({ message }) => message),
      ['darf nur 255 Zeichen haben', 'hat nicht die richtige Form (must look like a@b)', 'must be young'],
    )
    assert.equal(own.message, own.fields.map(({ field, message }) => `${field} ${message}`).join('; '))
    assert.deepEqual([own.status, own.code, own.retryAfter], [422, 'invalid', 7])
    const sentence = (status: number, code: string | undefined, message: string) =>
      inOwnWords(new CallError(status, message, 0, code === undefined ? {} : { code: code as 'stale' }))
        .message
    assert.equal(sentence(409, 'conflict', 'undo that first'), 'Das geht jetzt nicht (undo that first).')
    assert.equal(
      sentence(429, 'too_many_requests', 'try again in 30 seconds'),
      'Zu viele Anfragen. Warten Sie einen Moment (try again in 30 seconds).',
    )
    assert.equal(sentence(403, 'administrator_required', 'x'), 'Das kann nur ein Administrator.')
    assert.equal(sentence(409, 'code_of_a_later_version', 'Something new.'), 'Something new.')
    assert.equal(sentence(502, undefined, 'x'), 'Der Server hat mit 502 geantwortet.')
    assert.equal(sentence(0, undefined, 'Cannot reach the server.'), 'Cannot reach the server.')
  })

  it('say what has the same value, what is missing, and which rule a link or a size breaks', async () => {
    const { catalogue } = await import('../languages/de.ts')
    setLanguage('de', catalogue)
    const errors = [
      { field: 'email', message: 'is already used by contact 12', code: 'taken' as const },
      { field: 'user_ids', message: 'must be members of this inbox: 5', code: 'not_found' as const },
      { field: 'send_at', message: 'must be within two years', code: 'too_large' as const },
      { field: 'token', message: 'belongs to an invitation that was withdrawn', code: 'expired' as const },
    ]
    const { fields } = inOwnWords(new CallError(422, 'x', 0, { code: 'invalid', errors }))
    assert.deepEqual(
      fields.map(({ message }) => message),
      [
        'wird schon verwendet (is already used by contact 12)',
        'gibt es nicht, oder Sie dürfen es nicht sehen (must be members of this inbox: 5)',
        'ist zu groß (must be within two years)',
        'ist abgelaufen: Fordern Sie einen neuen Link an (belongs to an invitation that was withdrawn)',
      ],
    )
  })

  it('keep the direction of the sentence in a language that is written from right to left', async () => {
    const { catalogue } = await import('../languages/ar.ts')
    setLanguage('ar', catalogue)
    const { message } = inOwnWords(new CallError(409, 'undo it', 0, { code: 'conflict' }))
    assert.match(message, /\u2068undo it\u2069/)
  })
})
