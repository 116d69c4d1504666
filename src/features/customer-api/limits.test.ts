import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Answer, assertRefused, startTestApp } from '../../../test/app.ts'
import { eventually, hear } from '../../../test/listener.ts'

describe('a contact who says too much', () => {
  it('is told to wait, from whatever address, and the others are not', async () => {
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
    const answers: Answer[] = []
    for (let count = 0; count < 61; count++) answers.push(await send(paths[0]!, { content: `${count}` }))
    const last = answers.pop()!
    assert.ok(answers.every(({ status }) => status === 201))
    assertRefused(last, 429, /^more than 60 such requests in a minute; try again in \d+ seconds/)
    assert.ok(Number(last.headers.get('retry-after')) > 0)
    assert.equal((await send(paths[1]!, { content: 'not me' })).status, 201)
    await limited.close()
  })
})

describe('a network that makes too many contacts', () => {
  it('is told to wait at that inbox, and other networks are not', async () => {
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

describe('a contact with five conversations that are not resolved', () => {
  it('begins another one only after one of them is resolved', async () => {
    const test = await startTestApp()
    const inbox = (await test.api('/inboxes/1')).body.inbox_identifier
    const post = (path: string) =>
      test.api(`//public/api/v1/inboxes/${inbox}/contacts${path}`, { method: 'POST', token: null, body: {} })
    const own = `/${(await post('')).body.source_id}/conversations`
    const ids = []
    for (let count = 0; count < 5; count++) ids.push((await post(own)).body.id)
    assertRefused(await post(own), 409, /^this contact has 5 conversations that are not resolved/)
    const resolve = { method: 'POST', body: { status: 'resolved' } }
    await test.api(`/conversations/${ids[2]}/toggle_status`, resolve)
    assert.equal((await post(own)).status, 201)
    await test.close()
  })
})

describe('a contact who opens too many streams', () => {
  it('is refused one more until one of them is closed', async () => {
    const limited = await startTestApp({ NDOTO_RATE_LIMIT: '1000' })
    const inbox = (await limited.api('/inboxes/1')).body.inbox_identifier
    const base = `/public/api/v1/inboxes/${inbox}/contacts`
    const { source_id } = (await limited.api(`/${base}`, { method: 'POST', token: null, body: {} })).body
    const path = `${base}/${source_id}/events`
    const streams = await Promise.all(Array.from({ length: 20 }, () => hear(limited, { path, token: '' })))
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
