import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type ApiResponse, assertRefused, startTestApp, type TestApp } from '../../../test/app.ts'
import { eventually } from '../../../test/eventually.ts'
import { addInbox } from '../../../test/factories.ts'
import { formOf, storedFiles } from '../../../test/files.ts'

const megabyte = 1024 ** 2

describe('Files of customers', () => {
  let test: TestApp
  let inbox: Customer
  before(async () => {
    const limits = { NDOTO_CLIENT_MAX_FILE_SIZE: '2', NDOTO_CLIENT_UPLOAD_QUOTA: '5' }
    test = await startTestApp(limits, { intervals: { sweep: 20 } })
    inbox = await addCustomer()
  })
  after(() => test.close())

  interface Customer {
    conversation: string
    id: number
  }
  /** Creates an inbox, and a customer there with a conversation. */
  const addCustomer = async (): Promise<Customer> => {
    const id = await addInbox(test)
    const { inbox_identifier } = (await test.api(`/inboxes/${id}`)).body
    const base = `//public/api/v1/inboxes/${inbox_identifier}/contacts`
    const post = async (path: string) =>
      (await test.api(path, { method: 'POST', body: {}, token: null })).body
    const { source_id } = await post(base)
    const started = await post(`${base}/${source_id}/conversations`)
    return { conversation: `${base}/${source_id}/conversations/${started.id}/messages`, id: started.id }
  }
  const send = ({ conversation }: Customer, bytes: number, headers = {}): Promise<ApiResponse> => {
    const body = formOf({ content: 'x' }, [{ bytes: new Uint8Array(bytes), name: 'file' }])
    return test.api(conversation, { method: 'POST', body, token: null, headers })
  }

  it('have a size limit of their own, and files of agents may be larger', async () => {
    assertRefused(await send(inbox, 2 * megabyte + 1), 413, /larger than 2 MB/)
    const body = formOf({ message_type: 'outgoing' }, [{ bytes: new Uint8Array(3 * megabyte), name: 'file' }])
    const { status } = await test.api(`/conversations/${inbox.id}/messages`, { method: 'POST', body })
    assert.equal(status, 201)
  })

  it('of one network have a smaller share of the limit of the inbox', async (t) => {
    const settings = {
      NDOTO_CLIENT_UPLOAD_QUOTA: '40',
      NDOTO_CLIENT_MAX_FILE_SIZE: '1',
      TRUST_PROXY: '127.0.0.1',
    }
    const test = await startTestApp(settings)
    t.after(() => test.close())
    const { inbox_identifier } = (await test.api('/inboxes/1')).body
    const base = `//public/api/v1/inboxes/${inbox_identifier}/contacts`
    const { source_id } = (await test.api(base, { method: 'POST', body: {}, token: null })).body
    const own = `${base}/${source_id}/conversations`
    const { id } = (await test.api(own, { method: 'POST', body: {}, token: null })).body
    const sendFrom = (address: string, files: number) => {
      const parts = Array.from({ length: files }, () => ({ bytes: new Uint8Array(megabyte), name: 'file' }))
      const headers = { 'x-forwarded-for': address }
      const request = { method: 'POST', body: formOf({ content: 'x' }, parts), token: null, headers }
      return test.api(`${own}/${id}/messages`, request)
    }
    assert.equal((await sendFrom('192.0.2.1', 15)).status, 201)
    assertRefused(await sendFrom('192.0.2.1', 1), 429, /the daily limit of files/)
    assert.equal((await sendFrom('192.0.2.2', 15)).status, 201)
  })

  it('have a daily limit for each inbox, in which only stored files count', async () => {
    const before = storedFiles(test).length
    const headers = { 'idempotency-key': 'once' }
    assert.equal((await send(inbox, 2 * megabyte, headers)).status, 201)
    for (let time = 0; time < 4; time++) {
      assert.equal((await send(inbox, 2 * megabyte, headers)).status, 200)
      assertRefused(await send(inbox, 2 * megabyte + 1), 413, /larger/)
    }
    assert.equal((await send(inbox, 2 * megabyte)).status, 201)
    const answer = await send(inbox, 2 * megabyte)
    assertRefused(answer, 429, /the daily limit of files/)
    const wait = Number(answer.headers.get('retry-after'))
    assert.ok(wait > 86_000 && wait <= 86_400)
    assert.equal((await send(inbox, megabyte)).status, 201)
    assert.equal((await send(inbox, 1)).status, 429)
    await eventually(() => storedFiles(test).length === before + 3)
    const text = await test.api(inbox.conversation, { method: 'POST', body: { content: 'x' }, token: null })
    assert.equal(text.status, 201)
    assert.equal((await send(await addCustomer(), 2 * megabyte)).status, 201)
  })
})
