import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, readAllRows, startTestApp, type TestApp } from '../../../test/app.ts'
import { addUser } from '../../../test/factories.ts'
import { assertStoredCounts } from '../../../test/stored-counts.ts'

describe('Contacts of a request', () => {
  let test: TestApp
  before(async () => {
    test = await startTestApp()
  })
  after(() => assertStoredCounts(test).finally(() => test.close()))
  const send = (contacts: object[], more: object = {}, token = test.token) =>
    test.api('/contacts/imports', { method: 'POST', body: { contacts, ...more }, token })

  const contacts = [
    { name: 'Ada', email: 'ADA@example.com', custom_attributes: { plan: 'gold' } },
    { name: 'Wrong', email: 'wrong' },
    { name: 'Nobody' },
    { email: 'ada@example.com' },
    { phone_number: '+4930123456', labels: ['unknown'] },
    { name: '=1+1', identifier: 'crm-7' },
  ]

  it('are stored without those that have a fault, and only once', async () => {
    const before = await readAllRows(test)
    const dryRun = await send(contacts, { dry_run: true })
    assert.equal(dryRun.status, 200)
    assert.deepEqual(await readAllRows(test), before)
    const first = await send(contacts)
    assert.deepEqual(first.body, dryRun.body)
    assert.deepEqual([first.body.stored, first.body.known], [2, 1])
    const [wrong, nobody, label] = first.body.refused
    assert.deepEqual(wrong, { index: 1, error: 'email must look like name@example.com' })
    assert.match(nobody.error, /^source_id, email, phone_number or identifier is required/)
    assert.match(label.error, /^labels must exist in this account; missing: unknown$/)
    const again = await send(contacts)
    assert.deepEqual([again.body.stored, again.body.known], [0, 3])
    const [ada] = (await test.api('/contacts/search?q=ada')).body.payload
    assert.deepEqual(ada.custom_attributes, { plan: 'gold' })
  })

  it('are exported as CSV, in which no value is a formula', async () => {
    const response = await fetch(`${test.app.url}/api/v1/accounts/1/contacts/export`, {
      headers: { api_access_token: test.token },
    })
    assert.match(response.headers.get('content-type')!, /^text\/csv/)
    const [header, ...lines] = (await response.text()).trim().split(/\r?\n/)
    assert.match(header!, /^name,email,phone_number,identifier,/)
    assert.equal(lines.length, (await test.api('/contacts')).body.meta.count)
    assert.ok(
      lines.some((line) => line.startsWith("'=1+1,,,crm-7")),
      lines.join('\n'),
    )
  })

  it('are imported and exported by administrators, in bounded requests', async () => {
    const { token } = await addUser(test)
    assertRefused(await send([], {}, token), 403, /administrator/)
    assertRefused(await test.api('/contacts/export', { token }), 403, /administrator/)
    assertRefused(await send(Array(201).fill({ email: 'a@example.com' })), 422, /at most 200 items/)
  })
})
