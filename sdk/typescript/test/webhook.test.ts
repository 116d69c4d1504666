import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, it } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { sendMessage } from '../../../test/app.ts'
import { eventually } from '../../../test/eventually.ts'
import { startReceiver, startWebhookApp } from '../../../test/webhooks.ts'
import { createNdoto, verifyWebhook, WebhookError } from '../src/ndoto.ts'

const newSecret = () => `whsec_${randomBytes(32).toString('base64')}`
const body = '{"event":"message_created","id":"7","content":"Grüße"}'

/** Signs as the library of the standard does. */
function sign(secret: string, { id = 'evt_1', seconds = Math.floor(Date.now() / 1000), text = body } = {}) {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': new Webhook(secret).sign(id, new Date(seconds * 1000), text),
  }
}

describe('A webhook, verified with the SDK', () => {
  it('of a real server is accepted with the old and the new secret', async (t) => {
    const test = await startWebhookApp()
    t.after(() => test.close())
    const receiver = await startReceiver()
    const ndoto = createNdoto({ url: test.app.url, token: test.token })
    const created = await ndoto.webhooks.create({ url: receiver.url, subscriptions: ['message_created'] })
    await sendMessage(test, 'Grüße')
    const { secret } = await ndoto.webhooks.rotateSecret(created.id)
    await sendMessage(test, 'rotated')
    await eventually(() => receiver.received.length === 2)
    const [first, second] = receiver.received
    const verified = await verifyWebhook(first!.text, first!.headers, created.secret)
    assert.ok(verified.event.event === 'message_created')
    assert.equal(verified.event.content, 'Grüße')
    assert.equal(verified.id, first!.headers['webhook-id'])
    assert.ok(Math.abs(verified.sentAt.getTime() - Date.now()) < 60_000)
    for (const one of [created.secret, secret, [newSecret(), secret]])
      assert.equal((await verifyWebhook(second!.text, second!.headers, one)).event.event, 'message_created')
    await assert.rejects(verifyWebhook(first!.text, first!.headers, newSecret()), WebhookError)
    const deliveries: number[] = []
    for await (const { id } of ndoto.webhooks.deliveries(created.id, { limit: 1 })) deliveries.push(id)
    assert.equal(deliveries.length, 2)
  })

  it('is accepted as text and as bytes, with headers in both forms', async () => {
    const secret = newSecret()
    const headers = sign(secret)
    for (const one of [body, new TextEncoder().encode(body)])
      for (const source of [headers, new Headers(headers)])
        assert.equal((await verifyWebhook(one, source, secret)).id, 'evt_1')
  })

  it('is refused if anything was changed', async () => {
    const secret = newSecret()
    const headers = sign(secret)
    const signature = headers['webhook-signature']
    const changed: [string, Record<string, string>][] = [
      [body.replace('7', '8'), headers],
      [`${body} `, headers],
      ['', headers],
      [body, { ...headers, 'webhook-id': 'evt_2' }],
      [body, { ...headers, 'webhook-timestamp': String(Number(headers['webhook-timestamp']) + 1) }],
      [body, { ...headers, 'webhook-signature': signature.replace('v1,', 'v2,') }],
      [body, { ...headers, 'webhook-signature': signature.slice(0, -4) }],
      [body, { ...headers, 'webhook-signature': `v1,${'A'.repeat(43)}=` }],
      [body, { ...headers, 'webhook-signature': '' }],
      [body, { 'webhook-id': 'evt_1', 'webhook-timestamp': headers['webhook-timestamp'] }],
      [body, {}],
    ]
    for (const [text, one] of changed)
      await assert.rejects(verifyWebhook(text, one, secret), WebhookError, JSON.stringify(one))
    const several = { ...headers, 'webhook-signature': `v1a,x v1,${'A'.repeat(43)}= ${signature}` }
    assert.equal((await verifyWebhook(body, several, secret)).id, 'evt_1')
  })

  it('is refused if it is older than the tolerance, or from the future', async () => {
    const secret = newSecret()
    const now = Math.floor(Date.now() / 1000)
    for (const seconds of [now - 310, now + 310])
      await assert.rejects(verifyWebhook(body, sign(secret, { seconds }), secret), /older than 300 seconds/)
    const old = sign(secret, { seconds: now - 250 })
    assert.equal((await verifyWebhook(body, old, secret)).id, 'evt_1')
    await assert.rejects(verifyWebhook(body, old, secret, { tolerance: 60 }), /older than 60 seconds/)
    for (const timestamp of ['', 'now', 'NaN', '1e99', '-1'])
      await assert.rejects(
        verifyWebhook(body, { ...sign(secret), 'webhook-timestamp': timestamp }, secret),
        WebhookError,
      )
  })

  it('is not verified with something that is not a secret', async () => {
    for (const secret of ['', 'whsec_', 'whsec_!', 'short', []])
      await assert.rejects(verifyWebhook(body, sign(newSecret()), secret), /secret|No signature/)
  })
})
