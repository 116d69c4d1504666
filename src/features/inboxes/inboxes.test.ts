import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startTestApp, type TestApp } from '../../../test/app.ts'
import { addAccount, addInbox, addUser } from '../../../test/factories.ts'
import { assertStoredCounts } from '../../../test/stored-counts.ts'

let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => assertStoredCounts(test).finally(() => test.close()))

async function idsFor(token: string): Promise<number[]> {
  const { body } = await test.api('/inboxes', { token })
  return body.payload.map(({ id }: { id: number }) => id)
}

describe('The list of inboxes', () => {
  it('contains the inbox of a new installation, with every field', async () => {
    const { status, body } = await test.api('/inboxes')
    assert.equal(status, 200)
    const { inbox_identifier, hmac_token, ...rest } = body.payload[0]
    assert.deepEqual(rest, {
      id: 1,
      name: 'API',
      channel_type: 'api',
      channel_settings: null,
      webhook_url: null,
      website_url: null,
      greeting_message: null,
      hmac_mandatory: false,
      widget: null,
      embed_script: null,
    })
    assert.match(hmac_token, /^hmac_[\w-]{43}$/)
    assert.match(inbox_identifier, /^inbox_[\w-]{43}$/)
  })

  it('contains all inboxes for an administrator, and for an agent those they are a member of', async () => {
    const api = await addInbox(test)
    const widget = await addInbox(test, { channel_type: 'web_widget' })
    assert.deepEqual(await idsFor(test.token), [1, api, widget])
    assert.deepEqual(await idsFor((await addUser(test, { role: 'administrator' })).token), [1, api, widget])
    assert.deepEqual(await idsFor((await addUser(test, { inboxes: [widget, 1] })).token), [1, widget])
    assert.deepEqual(await idsFor((await addUser(test)).token), [])
    const { payload } = (await test.api('/inboxes')).body
    assert.equal(payload[2].channel_type, 'web_widget')
    assert.equal(
      new Set(payload.map(({ inbox_identifier }: { inbox_identifier: string }) => inbox_identifier)).size,
      3,
    )
  })

  it('contains nothing of another account, whose ids start at 1 again', async () => {
    const other = await addAccount(test)
    const base = `//api/v1/accounts/${other.accountId}/inboxes`
    assert.deepEqual((await test.api(base, { token: other.token })).body, { payload: [] })
    assert.equal(await addInbox(test, { accountId: other.accountId }), 1)
    const { payload } = (await test.api(base, { token: other.token })).body
    assert.equal(payload.length, 1)
    const own = (await test.api('/inboxes')).body.payload[0]
    assert.notEqual(payload[0].inbox_identifier, own.inbox_identifier)
  })

  it('requires a token of a member of the account that may read', async () => {
    const other = await addAccount(test)
    const reader = await addUser(test, { inboxes: [1], scopes: ['read'] })
    assert.equal((await test.api('/inboxes', { token: null })).status, 401)
    assert.equal((await test.api('/inboxes', { token: other.token })).status, 403)
    assert.deepEqual(await idsFor(reader.token), [1])
  })
})
