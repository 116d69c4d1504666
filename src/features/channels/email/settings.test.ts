import assert from 'node:assert/strict'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { assertRefused, sendMessage, startTestApp, type TestApp } from '../../../../test/app.ts'
import { addTestConversation } from '../../../../test/factories.ts'

describe('The settings of an e-mail inbox', () => {
  let test: TestApp
  before(async () => {
    test = await startTestApp()
  })
  after(() => test.close())
  const create = (settings: object, path = '/inboxes') =>
    test.api(path, { method: 'POST', body: { name: 'Mail', channel: { type: 'email', ...settings } } })
  const imap = { host: 'imap.example.com', port: 993, user: 'support', password: 'secret', tls: 'implicit' }

  it('never show a secret', async () => {
    const settings = { email: 'support@example.com', imap, inbound_secret: 'a-secret-of-the-relay' }
    const { status, body } = await create(settings)
    assert.equal(status, 201, JSON.stringify(body))
    assert.equal(body.channel_settings.imap.password, null)
    assert.equal(body.channel_settings.imap.host, 'imap.example.com')
    assert.equal(body.channel_settings.inbound_secret, null)
    const [row] = await test.app.database.read.sql
      .selectFrom('inboxes')
      .select('settings')
      .where('id', '=', body.id)
      .execute()
    assert.doesNotMatch(row!.settings, /"secret"|a-secret-of-the-relay/)
  })

  it('show the DNS record of the key that signs mails, which must be one', async () => {
    const smtp = { host: 'smtp.example.com', port: 465, user: 'support', password: 'secret', tls: 'implicit' }
    const withKey = (private_key: string) =>
      create({
        email: 'support@example.com',
        smtp: { ...smtp, dkim: { domain: 'example.com', selector: 's1', private_key } },
      })
    const pem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }) as string
    const wrong: [string, RegExp][] = [
      ['a key', /^channel\.smtp\.dkim\.private_key must be an RSA private key in PEM format$/],
      [pem(generateKeyPairSync('ed25519').privateKey), /must be an RSA private key/],
      [pem(generateKeyPairSync('rsa', { modulusLength: 512 }).privateKey), /must have at least 1024 bits/],
    ]
    for (const [key, sentence] of wrong) assertRefused(await withKey(key), 422, sentence)
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const { body } = await withKey(pem(privateKey))
    assert.deepEqual(body.channel_settings.smtp.dkim.private_key, null)
    const record = async () => (await test.api(`/inboxes/${body.id}/mailbox`)).body.dkim_record
    const key = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
    assert.deepEqual(await record(), { name: 's1._domainkey.example.com', value: `v=DKIM1; k=rsa; p=${key}` })
    const without = { channel: { smtp: { dkim: null } } }
    assert.equal((await test.api(`/inboxes/${body.id}`, { method: 'PATCH', body: without })).status, 200)
    assert.equal(await record(), null)
  })

  it('need an address, and a password or a grant', async () => {
    assertRefused(await create({ email: 'support' }), 422, /^channel.email must look like name@example.com/)
    const { password, ...without } = imap
    const refused = await create({ email: 'support@example.com', imap: without })
    assertRefused(refused, 422, /^channel.imap.password is required without oauth/)
  })

  it('allow to do without TLS only in a private network, and the private network only if the server does', async () => {
    const open = { ...imap, tls: 'none' }
    assertRefused(
      await create({ email: 'a@example.com', imap: open }),
      422,
      /^channel.imap.tls must not be none/,
    )
    const own = { ...open, host: '127.0.0.1' }
    assertRefused(
      await create({ email: 'a@example.com', imap: own }),
      422,
      /^channel.imap.host must not lead to/,
    )
  })
})

describe('The whole mail of a message', () => {
  it('does not exist for a message that is no mail', async (t) => {
    const test = await startTestApp()
    t.after(() => test.close())
    const conversationId = await addTestConversation(test)
    const { id } = await sendMessage(test, 'Not a mail', {}, conversationId)
    const path = `/conversations/${conversationId}/messages/${id}/email`
    assertRefused(await test.api(path), 404, /^email not found/)
    assertRefused(await test.api(`${path}/raw`), 404, /^email not found/)
  })
})
