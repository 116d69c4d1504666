import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type ApiResponse, assertRefused, startTestApp, type TestApp } from '../../../test/app.ts'
import { openStream } from '../../../test/event-stream.ts'
import { eventually } from '../../../test/eventually.ts'

describe('A contact that writes too much', () => {
  it('must wait, at any address, while other contacts need not', async () => {
    const limited = await startTestApp({ NDOTO_RATE_LIMIT: '1000' })
    const inbox = (await limited.api('/inboxes/1')).body.inbox_identifier
    const send = (path: string, body: object) =>
      limited.api(`//public/api/v1/inboxes/${inbox}${path}`, { method: 'POST', token: null, body })
    const paths = await Promise.all(
      [1, 2].map(async () => {
        const own = `/contacts/${(await send('/contacts', {})).body.source_id}/conversations`
        return `${own}/${(await send(own, {})).body.id}/messages`
      }),
    )
    const answers: ApiResponse[] = []
    for (let count = 0; count < 61; count++) answers.push(await send(paths[0]!, { content: `${count}` }))
    const last = answers.pop()!
    assert.ok(answers.every(({ status }) => status === 201))
    assertRefused(last, 429, /^more than 60 such requests in a minute; try again in \d+ seconds/)
    assert.ok(Number(last.headers.get('retry-after')) > 0)
    assert.equal((await send(paths[1]!, { content: 'not me' })).status, 201)
    await limited.close()
  })
})

/** Posts as a customer whose network address a proxy reports. */
function postFrom(limited: TestApp, path: string, address: string): Promise<ApiResponse> {
  const headers = { 'x-forwarded-for': address }
  return limited.api(path, { method: 'POST', token: null, body: {}, headers })
}

describe('Somebody who opens the chat too often', () => {
  it('must wait, as a contact and before, while other networks need not', async () => {
    const limited = await startTestApp({ NDOTO_RATE_LIMIT: '1000', TRUST_PROXY: '127.0.0.1' })
    const base = `//public/api/v1/inboxes/${(await limited.api('/inboxes/1')).body.inbox_identifier}`
    const post = (path: string, address: string) => postFrom(limited, base + path, address)
    const { source_id } = (await post('/contacts', '192.0.2.1')).body
    for (const path of ['/openings', `/contacts/${source_id}/openings`]) {
      const answers: ApiResponse[] = []
      for (let count = 0; count < 61; count++) answers.push(await post(path, '192.0.2.2'))
      assertRefused(answers.pop()!, 429, /^more than 60 such requests in a minute/)
      assert.ok(answers.every(({ status }) => status === 204))
    }
    assert.equal((await post('/openings', '192.0.2.3')).status, 204)
    await limited.close()
  })
})

describe('Customers who start too many conversations', () => {
  let limited: TestApp
  let base: string
  before(async () => {
    limited = await startTestApp({ NDOTO_RATE_LIMIT: '1000', TRUST_PROXY: '127.0.0.1' })
    base = `//public/api/v1/inboxes/${(await limited.api('/inboxes/1')).body.inbox_identifier}/contacts`
  })
  after(() => limited.close())
  const post = (path: string, address: string) => postFrom(limited, base + path, address)

  it('must wait, whichever network a contact uses', async () => {
    const { source_id } = (await post('', '192.0.2.1')).body
    const answers = []
    for (let count = 0; count < 11; count++) {
      answers.push(await post(`/${source_id}/conversations`, `192.0.2.${count}`))
    }
    assertRefused(answers.pop()!, 429, /^more than 10 such requests in a minute/)
    assert.deepEqual(
      answers.map(({ status }) => status),
      [...Array(5).fill(201), ...Array(5).fill(409)],
    )
  })

  it('must wait, however many contacts of one network they are', async () => {
    const statuses = []
    for (let contact = 0; contact < 7; contact++) {
      const { source_id } = (await post('', '198.51.100.7')).body
      for (let count = 0; count < 5; count++) {
        statuses.push((await post(`/${source_id}/conversations`, '198.51.100.7')).status)
      }
    }
    assert.deepEqual(statuses, [...Array(30).fill(201), ...Array(5).fill(429)])
  })
})

describe('A network that writes too much in a day', () => {
  it('is refused, while other networks are not', async (t) => {
    const limited = await startTestApp({ NDOTO_RATE_LIMIT: '100000', TRUST_PROXY: '127.0.0.1' })
    t.after(() => limited.close())
    const base = `//public/api/v1/inboxes/${(await limited.api('/inboxes/1')).body.inbox_identifier}/contacts`
    const { source_id } = (await limited.api(base, { method: 'POST', token: null, body: {} })).body
    const body = JSON.stringify({ custom_attributes: {}, unknown: 'x'.repeat(127 * 1024) })
    const change = (address: string) =>
      limited.api(`${base}/${source_id}`, {
        method: 'PATCH',
        token: null,
        body,
        headers: { 'x-forwarded-for': address },
      })
    const fitting = Math.floor((64 * 1024 ** 2) / body.length)
    for (let count = 0; count < fitting; count++) assert.equal((await change('192.0.2.1')).status, 200)
    assertRefused(await change('192.0.2.1'), 429, /^the daily limit of text from this network/)
    assert.equal((await change('192.0.2.2')).status, 200)
  })
})

describe('The attributes of a customer', () => {
  it('have the same limit whether or not the address that comes with them is in use', async (t) => {
    const test = await startTestApp()
    t.after(() => test.close())
    const { inbox_identifier } = (await test.api('/inboxes/1')).body
    const path = `//public/api/v1/inboxes/${inbox_identifier}/contacts`
    const send = (method: string, more: string, body: object) =>
      test.api(path + more, { method, body, token: null })
    for (const size of [56 * 1024 - 9, 56 * 1024 - 8]) {
      const custom_attributes = { a: 'x'.repeat(size) }
      const created = []
      for (const email of ['jane@example.com', 'nobody@example.com']) {
        created.push((await send('POST', '', { email, custom_attributes })).status)
        const { source_id } = (await send('POST', '', { custom_attributes: { a: 'x'.repeat(56_000) } })).body
        assert.equal((await send('PATCH', `/${source_id}`, { email: `other-${size}${email}` })).status, 200)
        assert.equal((await send('PATCH', `/${source_id}`, { email })).status, 200)
      }
      assert.equal(new Set(created).size, 1)
    }
    const custom_attributes = { a: 'x'.repeat(57 * 1024) }
    assertRefused(await send('POST', '', { custom_attributes }), 422, /at most 56 KiB of JSON/)
  })
})

describe('A network that creates too many contacts', () => {
  it('must wait at that inbox, while other networks need not', async () => {
    const limited = await startTestApp({ NDOTO_RATE_LIMIT: '1000', TRUST_PROXY: '127.0.0.1' })
    const inbox = (await limited.api('/inboxes/1')).body.inbox_identifier
    const begin = (address: string) =>
      limited.api(`//public/api/v1/inboxes/${inbox}/contacts`, {
        method: 'POST',
        token: null,
        body: {},
        headers: { 'x-forwarded-for': address },
      })
    for (let count = 0; count < 20; count++) assert.equal((await begin(`2001:db8::${count}`)).status, 200)
    assertRefused(await begin('2001:db8::ffff'), 429, /^more than 20 such requests in a minute/)
    assert.equal((await begin('2001:db8:0:1::1')).status, 200)
    await limited.close()
  })
})

describe('A contact with five unresolved conversations', () => {
  it('can start another one only after one of them is resolved', async () => {
    const test = await startTestApp()
    const inbox = (await test.api('/inboxes/1')).body.inbox_identifier
    const post = (path: string) =>
      test.api(`//public/api/v1/inboxes/${inbox}/contacts${path}`, { method: 'POST', token: null, body: {} })
    const own = `/${(await post('')).body.source_id}/conversations`
    const ids = []
    for (let count = 0; count < 5; count++) ids.push((await post(own)).body.id)
    assertRefused(await post(own), 409, /^this contact already has 5 unresolved conversations/)
    const resolve = { method: 'POST', body: { status: 'resolved' } }
    await test.api(`/conversations/${ids[2]}/toggle_status`, resolve)
    assert.equal((await post(own)).status, 201)
    await test.close()
  })
})

describe('A contact that opens too many streams', () => {
  it('cannot open another until one of them is closed', async () => {
    const limited = await startTestApp({ NDOTO_RATE_LIMIT: '1000' })
    const inbox = (await limited.api('/inboxes/1')).body.inbox_identifier
    const base = `/public/api/v1/inboxes/${inbox}/contacts`
    const { source_id } = (await limited.api(`/${base}`, { method: 'POST', token: null, body: {} })).body
    const path = `${base}/${source_id}/events`
    const streams = await Promise.all(
      Array.from({ length: 20 }, () => openStream(limited, { path, token: '' })),
    )
    const refused = await limited.api(`/${path}`, { token: null })
    assertRefused(refused, 429, /^more than 20 streams at once/)
    streams.pop()!.close()
    await eventually(async () => {
      const page = { headers: { accept: 'application/json' }, token: null }
      return (await limited.api(`/${path}`, page)).status === 200
    })
    for (const stream of streams) stream.close()
    await limited.close()
  })
})
