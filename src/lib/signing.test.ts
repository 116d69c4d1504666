import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Webhook, WebhookVerificationError } from 'standardwebhooks'
import { fc } from '../../test/random.ts'
import { sign, signingSecret } from './signing.ts'

const now = () => Math.floor(Date.now() / 1000)

/** Whether the library of receivers accepts a body with these headers as signed with `secret`. */
function isTaken(secret: string, body: string | Buffer, headers: object): boolean {
  try {
    new Webhook(secret).verify(body, { ...headers })
    return true
  } catch (error) {
    assert.ok(error instanceof WebhookVerificationError, String(error))
    return false
  }
}

describe('A signing secret', () => {
  it('is whsec_ and 32 random bytes in base64', () => {
    const secret = signingSecret()
    assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/)
    assert.equal(Buffer.from(secret.slice(6), 'base64').length, 32)
    assert.notEqual(signingSecret(), secret)
  })
})

describe('A signature', () => {
  it('is the same as in the test vector of the standard', () => {
    const headers = sign(
      ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      1614265330,
      '{"test": 2432232314}',
    )
    assert.deepEqual(headers, {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    })
  })

  it('is accepted by a receiver, regardless of the body', () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: 'binary' }), fc.stringMatching(/^[\w-]{1,40}$/), (body, id) => {
        const secret = signingSecret()
        assert.ok(isTaken(secret, body, sign([secret], id, now(), body)))
        assert.ok(isTaken(secret, body, sign([secret], id, now(), Buffer.from(body))))
      }),
      { numRuns: 40 },
    )
  })

  it('is not accepted for another body, id, time or secret', () => {
    const secret = signingSecret()
    const headers = sign([secret], 'evt_1', now(), '{"a":1}')
    assert.ok(isTaken(secret, '{"a":1}', headers))
    assert.ok(!isTaken(secret, '{"a":2}', headers))
    assert.ok(!isTaken(secret, '{"a":1}', { ...headers, 'webhook-id': 'evt_2' }))
    assert.ok(!isTaken(secret, '{"a":1}', { ...headers, 'webhook-timestamp': String(now() + 5) }))
    assert.ok(!isTaken(signingSecret(), '{"a":1}', headers))
    assert.ok(!isTaken(secret, '{"a":1}', sign([secret], 'evt_1', now() - 600, '{"a":1}')))
  })

  it('is added for each secret, so that receivers with the old or the new secret can verify it', () => {
    const [old, current] = [signingSecret(), signingSecret()]
    const headers = sign([current, old], 'evt_1', now(), '{}')
    assert.match(headers['webhook-signature'], /^v1,\S{44} v1,\S{44}$/)
    assert.ok(isTaken(current, '{}', headers))
    assert.ok(isTaken(old, '{}', headers))
    assert.ok(!isTaken(old, '{}', sign([current], 'evt_1', now(), '{}')))
  })

  it('is not created with an insecure secret, and the error does not contain the secret', () => {
    const wrong = [
      '',
      'whsec_',
      'hunter2',
      'whsec_hunter2',
      `whsec_${'-'.repeat(9)}`,
      'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    ]
    for (const secret of [...wrong, `whsec_${Buffer.alloc(65).toString('base64')}`]) {
      assert.throws(
        () => sign([secret], 'evt_1', now(), '{}'),
        (error: Error) => /24 to 64 bytes/.test(error.message) && !error.message.includes('hunter2'),
      )
    }
    assert.throws(() => sign([], 'evt_1', now(), '{}'), /at least one secret/)
  })

  it('is not created for an id or time that could make it valid for another body', () => {
    const secret = signingSecret()
    for (const id of ['', 'evt.1', 'evt 1', 'evt\n1']) {
      assert.throws(() => sign([secret], id, now(), '{}'), /the id of a signed body/)
    }
    for (const time of [1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.throws(() => sign([secret], 'evt_1', time, '{}'), /whole seconds/)
    }
  })
})
