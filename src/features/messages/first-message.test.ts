import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  type ApiResponse,
  assertRefused,
  readAllRows,
  startTestApp,
  type TestApp,
} from '../../../test/app.ts'
import { addUser } from '../../../test/factories.ts'
import { type FormFile, fetchFile, formOf, storedFiles } from '../../../test/files.ts'

let test: TestApp
before(async () => {
  test = await startTestApp({}, { intervals: { sweep: 20 } })
})
after(() => test.close())

const invoice: FormFile = { bytes: '%PDF-1.7 invoice', name: 'invoice.pdf', type: 'application/pdf' }
const place = { inbox_id: 1, contact_id: 1 }

interface Options {
  key?: string
  files?: FormFile[]
  token?: string
}

/** Creates a conversation with JSON, or with a form if there are files. */
function create(body: Record<string, unknown>, { key, files, token }: Options = {}): Promise<ApiResponse> {
  const texts = Object.entries(body).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ])
  const headers: Record<string, string> = key === undefined ? {} : { 'idempotency-key': key }
  return test.api('/conversations', {
    method: 'POST',
    body: files ? formOf(Object.fromEntries(texts), files) : body,
    headers,
    ...(token === undefined ? {} : { token }),
  })
}
const messagesOf = async (id: number) => (await test.api(`/conversations/${id}/messages`)).body.payload

describe('A conversation that is created with a form', () => {
  it('begins with a message that has the files', async () => {
    const message = { content: 'Your invoice', echo_id: 'e1' }
    const { status, body } = await create({ ...place, message }, { files: [invoice, invoice] })
    assert.equal(status, 201, JSON.stringify(body))
    const [first, ...others] = await messagesOf(body.id)
    assert.deepEqual(others, [])
    assert.deepEqual([first.content, first.message_type, first.echo_id], ['Your invoice', 'outgoing', 'e1'])
    assert.deepEqual(
      first.attachments.map((one: { file_name: string }) => one.file_name),
      ['invoice.pdf', 'invoice.pdf'],
    )
    const file = await fetchFile(test, first.attachments[1].data_url)
    assert.equal(await file.text(), '%PDF-1.7 invoice')
    assert.equal(body.last_message.id, first.id)
  })

  it('needs no text if it has files, and also takes the name that Chatwoot has for them', async () => {
    const { body } = await create(place, { files: [invoice] })
    assert.deepEqual([body.last_message.content, body.last_message.attachments.length], ['', 1])
    const form = formOf({ inbox_id: '1', contact_id: '1', 'message[content]': 'Hi' })
    form.append('message[attachments][]', new Blob(['x']), 'a.txt')
    const path = '//chatwoot/api/v1/accounts/1/conversations'
    const shown = await test.api(path, { method: 'POST', body: form })
    assert.equal(shown.status, 200, JSON.stringify(shown.body))
    const [message] = await messagesOf(shown.body.id)
    assert.deepEqual([message.content, message.attachments[0].file_name], ['Hi', 'a.txt'])
  })

  it('stores neither the conversation nor a file if it is refused', async () => {
    const { files: _, counters: __, ...rows } = await readAllRows(test)
    const stored = storedFiles(test).length
    for (const [body, sentence] of [
      [{ ...place, contact_id: 9999 }, /^contact_id names no contact/],
      [{ ...place, message: { content: 'x', private: 'maybe' } }, /^message.private must be/],
      [{ ...place, message: { content: 'x', canned_response_ids: [99] } }, /^message.canned_response_ids/],
    ] as const)
      assertRefused(await create(body, { files: [invoice] }), 422, sentence)
    const tooMany = Array.from({ length: 16 }, () => invoice)
    assertRefused(await create(place, { files: tooMany }), 413, /at most 15 files/)
    const { files: ___, counters: ____, ...after } = await readAllRows(test)
    assert.deepEqual(after, rows)
    while (storedFiles(test).length > stored) await new Promise((resolve) => setTimeout(resolve, 20))
  })
})

describe('A request with an Idempotency-Key that creates a conversation', () => {
  it('is answered again as the first time, with its files, and sends nothing twice', async () => {
    const body = { ...place, message: { content: 'Once' } }
    const options = { key: 'lost-answer', files: [invoice] }
    const first = await create(body, options)
    assert.deepEqual([first.status, first.headers.get('idempotent-replayed')], [201, null])
    const { files: _, counters: __, ...rows } = await readAllRows(test)
    const again = await create(body, options)
    assert.deepEqual([again.status, again.headers.get('idempotent-replayed')], [200, 'true'])
    assert.deepEqual(again.body, first.body)
    const { files: ___, counters: ____, ...after } = await readAllRows(test)
    assert.deepEqual(after, rows)
  })

  it('creates one conversation if 30 of them arrive at once', async () => {
    const body = { ...place, message: { content: 'Race' } }
    const all = await Promise.all(Array.from({ length: 30 }, () => create(body, { key: 'race' })))
    assert.equal(new Set(all.map((one) => one.body.id)).size, 1)
    assert.deepEqual(
      all
        .map(({ status }) => status)
        .sort()
        .slice(-2),
      [200, 201],
    )
    assert.equal((await messagesOf(all[0]!.body.id)).length, 1)
  })

  it('is refused with a key of another request, unless that was of another user', async () => {
    const body = { ...place, message: { content: 'Mine' } }
    const { body: created } = await create(body, { key: 'mine', files: [invoice] })
    const conversation = /^Idempotency-Key was already used for another conversation/
    const message = /^Idempotency-Key was already used for another message/
    const other = { ...invoice, bytes: '%PDF-1.7 another' }
    for (const [changed, files, sentence] of [
      [{ ...body, status: 'pending' }, [invoice], conversation],
      [place, undefined, conversation],
      [{ ...body, message: { content: 'Other' } }, [invoice], message],
      [body, [other], message],
      [body, undefined, message],
    ] as const) {
      const refused = await create(changed, { key: 'mine', ...(files ? { files: [...files] } : {}) })
      assertRefused(refused, 422, sentence)
      assert.equal(refused.body.code, 'idempotency_key_reused')
    }
    const { token } = await addUser(test, { inboxes: [1] })
    const theirs = await create(body, { key: 'mine', token })
    assert.equal(theirs.status, 201)
    assert.notEqual(theirs.body.id, created.id)
  })

  it('still returns its conversation after its message was deleted, but creates another one if that was deleted', async () => {
    const body = { ...place, message: { content: 'Gone' } }
    const { body: created } = await create(body, { key: 'gone' })
    const path = `/conversations/${created.id}`
    await test.api(`${path}/messages/${created.last_message.id}`, { method: 'DELETE' })
    const again = await create(body, { key: 'gone' })
    assert.deepEqual([again.status, again.body.id, again.body.last_message], [200, created.id, null])
    await test.api(path, { method: 'DELETE' })
    const next = await create(body, { key: 'gone' })
    assert.equal(next.status, 201)
    assert.notEqual(next.body.id, created.id)
  })
})
