import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type ApiResponse, assertRefused, readAllRows, startTestApp, type TestApp } from '../../test/app.ts'

let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => test.close())

type Fields = [name: string, value: string][]

/** The two kinds of forms. */
const kinds: Record<
  string,
  (fields: Fields) => { body: FormData | string; headers: Record<string, string> }
> = {
  'multipart/form-data'(fields) {
    const body = new FormData()
    for (const [name, value] of fields) body.append(name, value)
    return { body, headers: {} }
  },
  'application/x-www-form-urlencoded'(fields) {
    return {
      body: new URLSearchParams(fields).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' },
    }
  },
}

for (const [kind, formOf] of Object.entries(kinds)) {
  const send = (path: string, fields: Fields, method = 'POST'): Promise<ApiResponse> =>
    test.api(path, { method, ...formOf(fields) })

  describe(`A form of the type ${kind}`, () => {
    it('is a body: texts as they are, everything else as JSON, and lists also item by item', async () => {
      const name = ' Zoë & "Co" = 100%+\r\n'
      const { status, body } = await send('/contacts', [
        ['name', name],
        ['email', `${kind.length}@example.com`],
        ['inbox_id', '1'],
        ['custom_attributes', '{"plan":"gold","seats":5}'],
        ['whatever', '['],
      ])
      assert.equal(status, 201)
      assert.deepEqual([body.name, body.custom_attributes], [name, { plan: 'gold', seats: 5 }])
      const changed = await send(`/contacts/${body.id}`, [['blocked', 'true']], 'PATCH')
      assert.equal(changed.body.blocked, true)
      for (const title of ['a', 'b']) await send('/labels', [['title', title]])
      const labels = '/conversations/1/labels'
      const ways: Fields[] = [
        [['labels', '["a","b"]']],
        [
          ['labels[]', 'a'],
          ['labels[]', 'b'],
        ],
        [
          ['labels', 'a'],
          ['labels', 'b'],
        ],
      ]
      for (const fields of ways) {
        assert.deepEqual((await send(labels, fields)).body, { payload: ['a', 'b'] })
        assert.deepEqual((await send(labels, [['labels', '[]']])).body, { payload: [] })
      }
    })

    it('obeys the rules of JSON', async () => {
      const rows = await readAllRows(test)
      const refused: [Fields, RegExp][] = [
        [[['email', 'nobody']], /^email must look like/],
        [[['blocked', 'yes']], /^blocked must be valid JSON$/],
        [[['blocked', '1']], /^blocked must be a boolean$/],
        [[['name', 'a\0b']], /^name must not contain the NUL character/],
        [[['custom_attributes', '{"a":']], /^custom_attributes must be valid JSON$/],
        [[['custom_attributes', '5']], /^custom_attributes must be an object$/],
      ]
      for (const [fields, sentence] of refused)
        assertRefused(await send('/contacts/1', fields, 'PATCH'), 422, sentence)
      const many: Fields = Array.from({ length: 2001 }, (_, i) => [`f${i}`, 'x'])
      assertRefused(await send('/contacts', many), 413, /at most 2000 fields/)
      const long: Fields = Array.from({ length: 20 }, () => [
        'custom_attributes',
        `{"a":[${'0,'.repeat(9999)}0]}`,
      ])
      assertRefused(await send('/contacts', long), 413, /characters of JSON$/)
      assert.deepEqual(await readAllRows(test), rows)
    })

    it('sends a message, and must have what a message needs', async () => {
      const path = '/conversations/1/messages'
      const fields: Fields = [
        ['content', 'Hello'],
        ['message_type', 'outgoing'],
        ['private', 'true'],
      ]
      const { status, body } = await send(path, fields)
      assert.deepEqual([status, body.content, body.private], [201, 'Hello', true])
      assertRefused(await send(path, fields.slice(0, 1)), 422, /^message_type is required$/)
    })
  })
}

describe('A form', () => {
  const urlencoded = { 'content-type': 'application/x-www-form-urlencoded' }

  it('can contain letters without escapes, but no broken escapes and no bytes that are not UTF-8', async () => {
    const send = (body: string | Uint8Array) =>
      test.api('/contacts', { method: 'POST', body, headers: urlencoded })
    assert.equal((await send('name=Grüße&&')).body.name, 'Grüße')
    assertRefused(await send('name=100%'), 400, /^the body is not valid application\/x-www-form-urlencoded$/)
    assertRefused(await send('name=%ff'), 400, /^the body is not valid application/)
    assertRefused(await send(Buffer.from('name=\xff', 'latin1')), 400, /^the body is not valid UTF-8$/)
  })

  it('cannot contain files, except for messages', async () => {
    const form = new FormData()
    form.append('name', new Blob(['x']), 'name.txt')
    assertRefused(
      await test.api('/contacts', { method: 'POST', body: form }),
      422,
      /^name must not be a file$/,
    )
    const text = new FormData()
    for (const [name, value] of [
      ['content', 'Hello'],
      ['message_type', 'outgoing'],
      ['attachments[]', 'x'],
    ] as const)
      text.append(name, value)
    const sent = await test.api('/conversations/1/messages', { method: 'POST', body: text })
    assertRefused(sent, 422, /^attachments\[\] must be a file$/)
    const headers = { 'content-type': 'multipart/form-data' }
    assertRefused(
      await test.api('/contacts', { method: 'POST', body: 'x', headers }),
      400,
      /^the body is not valid multipart/,
    )
  })
})

describe('The id of something in a body', () => {
  const start = (body: object) => test.api('/conversations', { method: 'POST', body })

  it('may be digits as a text', async () => {
    const { status, body } = await start({ inbox_id: '1', contact_id: '1', assignee_id: '1' })
    assert.deepEqual([status, body.inbox_id, body.meta.assignee.id], [201, 1, 1])
  })

  it('is not guessed from any other text, and no other number is read from a text', async () => {
    const rows = await readAllRows(test)
    for (const text of ['1x', '', ' 1', '01', '-1', '0', '1.0', '1e0', '99999999999999999999'])
      assertRefused(await start({ inbox_id: text, contact_id: 1 }), 422, /^inbox_id must be an integer/)
    const snooze = { method: 'POST', body: { status: 'snoozed', snoozed_until: '4000000000' } }
    assertRefused(await test.api('/conversations/1/toggle_status', snooze), 422, /^snoozed_until must be/)
    assert.deepEqual(await readAllRows(test), rows)
    const custom_attributes = { crm_id: '5' }
    const contact = await test.api('/contacts', { method: 'POST', body: { name: 'Ann', custom_attributes } })
    assert.deepEqual(contact.body.custom_attributes, custom_attributes)
  })
})
