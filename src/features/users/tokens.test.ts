import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, readAllRows, startTestApp, type TestApp } from '../../../test/app.ts'
import { addAccount, addUser, cookieOf } from '../../../test/factories.ts'
import type { Scope } from '../../lib/actor.ts'
import { joinAccount } from './service.ts'

const password = 'correct horse battery'
const tokens = '//api/v1/profile/access_tokens'
let test: TestApp
before(async () => {
  test = await startTestApp({ NDOTO_ADMIN_PASSWORD: password })
})
after(() => test.close())

const make = (body: object, token = test.token) => test.api(tokens, { method: 'POST', body, token })

describe('access tokens', () => {
  it('are created, shown once, listed without their secret, and revoked at once', async () => {
    const { token, userId } = await addUser(test, { role: 'administrator' })
    const expires_at = Math.floor(Date.now() / 1000) + 3600
    const { status, body } = await make({ name: 'reports', scopes: ['read'], expires_at }, token)
    assert.equal(status, 201)
    const { token: secret, ...created } = body
    assert.match(secret, /^ndoto_[\w-]{43}$/)
    assert.deepEqual([created.name, created.scopes, created.expires_at], ['reports', ['read'], expires_at])
    assert.deepEqual([created.user_id, created.account_ids], [userId, [1]])
    const list = (await test.api(tokens, { token })).body
    assert.equal(list.payload.length, 2)
    assert.deepEqual(list.payload[1], created)
    assert.equal(JSON.stringify(list).includes(secret), false)
    assert.equal(JSON.stringify(await readAllRows(test)).includes(secret), false)
    assert.equal((await test.api('/inboxes', { token: secret })).status, 200)
    const revoked = await test.api(`${tokens}/${created.id}`, { method: 'DELETE', token })
    assert.equal(revoked.status, 204)
    assertRefused(await test.api('/inboxes', { token: secret }), 401, /unknown, expired or revoked/)
    const { sql } = test.app.database.read
    const events = await sql.selectFrom('events').selectAll().where('name', '=', 'access_changed').execute()
    const changes = events.filter(({ data }) => data === JSON.stringify({ user_id: userId }))
    assert.deepEqual(
      changes.map(({ account_id, audience }) => [account_id, audience]),
      [
        [1, 'server'],
        [1, 'server'],
      ],
      'once for joining the account, and once for the token',
    )
  })

  it('have no more scopes than the token that creates them', async () => {
    for (const [own, requested, status] of [
      [['write'], ['write'], 201],
      [['write'], ['read'], 201],
      [['write'], ['admin'], 403],
      [['write'], ['read', 'admin'], 403],
      [['read'], ['read'], 403],
      [['admin'], ['admin', 'read'], 201],
    ] as [Scope[], Scope[], number][]) {
      const { token } = await addUser(test, { scopes: own })
      const answer = await make({ name: 'x', scopes: requested }, token)
      assert.equal(answer.status, status, `${own} creates ${requested}`)
    }
  })

  it('expire no later than the token that creates them', async () => {
    const end = Math.floor(Date.now() / 1000) + 3600
    const { token } = await addUser(test, { expiresAt: end * 1000 })
    const byDefault = await make({ name: 'x', scopes: ['read'] }, token)
    assert.deepEqual([byDefault.status, byDefault.body.expires_at], [201, end])
    for (const [expires_at, status] of [
      [null, 403],
      [end + 1, 403],
      [end, 201],
      [end - 60, 201],
    ] as const) {
      const answer = await make({ name: 'x', scopes: ['read'], expires_at }, token)
      assert.equal(answer.status, status, String(expires_at))
    }
  })

  it('cannot be revoked by another user, who gets 404', async () => {
    const { token } = await addUser(test)
    const { id } = (await make({ name: 'mine', scopes: ['read'] }, token)).body
    const rows = await readAllRows(test)
    for (const one of [id, 99_999]) {
      const answer = await test.api(`${tokens}/${one}`, { method: 'DELETE' })
      assertRefused(answer, 404, /^access token not found$/)
    }
    assert.deepEqual(await readAllRows(test), rows)
  })

  it('are not created if a field is invalid', async () => {
    for (const [body, sentence] of [
      [{ scopes: ['read'] }, /^name is required/],
      [{ name: 'x' }, /^scopes is required/],
      [{ name: 'x', scopes: [] }, /^scopes must have at least 1 item/],
      [{ name: 'x', scopes: ['all'] }, /^scopes\[0\] must be one of/],
      [{ name: 'x', scopes: ['read'], expires_at: 1000 }, /^expires_at must be in the future/],
      [{ name: 'x', scopes: ['read'], expires_at: 1e15 }, /^expires_at must be at most/],
    ] as const) {
      assertRefused(await make(body), 422, sentence)
    }
  })

  it('expire in 90 days by default, and never if expires_at is null', async () => {
    const { token } = await addUser(test)
    const inDays = 90 * 24 * 60 * 60
    const before = Math.floor(Date.now() / 1000)
    const { expires_at } = (await make({ name: 'x', scopes: ['read'] }, token)).body
    assert.ok(expires_at >= before + inDays && expires_at <= before + inDays + 60, String(expires_at))
    const endless = await make({ name: 'x', scopes: ['read'], expires_at: null }, token)
    assert.deepEqual([endless.status, endless.body.expires_at], [201, null])
  })

  it('are limited to 50 for a member of an account, without those that have expired', async () => {
    const { token } = await addUser(test)
    const one = () => make({ name: 'x', scopes: ['read'] }, token)
    const answers = await Promise.all(Array.from({ length: 51 }, one))
    const refused = answers.filter(({ status }) => status !== 201)
    assert.equal(refused.length, 2, 'the factory has created one')
    assertRefused(refused[0]!, 409, /can have at most 50 access tokens: revoke one first$/)
    const { id } = answers.find(({ status }) => status === 201)!.body
    await test.app.database.transaction(null, (tx) =>
      tx.sql.updateTable('access_tokens').set({ expires_at: 1 }).where('id', '=', id).execute(),
    )
    assert.equal((await one()).status, 201)
    assertRefused(await one(), 409, /at most 50/)
    assert.equal((await make({ name: 'x', scopes: ['read'] }, (await addUser(test)).token)).status, 201)
  })
})

describe('a session', () => {
  const withCookie = (cookie: string, body: object) => {
    const headers = { cookie, 'sec-fetch-site': 'same-origin' }
    return test.api(tokens, { method: 'POST', body, headers, token: null })
  }

  it('requires the current password for a token with the scope admin, and for no other', async () => {
    const cookie = await cookieOf(test, 1)
    assert.equal((await withCookie(cookie, { name: 'x', scopes: ['read', 'write'] })).status, 201)
    const admin = { name: 'x', scopes: ['admin'] }
    const rows = await readAllRows(test)
    assertRefused(await withCookie(cookie, admin), 422, /^current_password is required to create a token/)
    const wrong = await withCookie(cookie, { ...admin, current_password: 'guess' })
    assertRefused(wrong, 422, /^current_password is not the password/)
    const now = await readAllRows(test)
    delete now.attempts
    delete rows.attempts
    assert.deepEqual(now, rows)
    assert.equal((await withCookie(cookie, { ...admin, current_password: password })).status, 201)
  })

  it('must name the account of a new token if its user is a member of several', async () => {
    const { userId, accountId, token } = await addAccount(test)
    await test.app.database.transaction(1, (tx) => joinAccount(tx, 1, userId, 'agent'))
    const cookie = await cookieOf(test, userId)
    const body = { name: 'x', scopes: ['write'] }
    assertRefused(await withCookie(cookie, body), 422, /^account_id is required/)
    const foreign = (await addAccount(test)).accountId
    const refused = await withCookie(cookie, { ...body, account_id: foreign })
    assertRefused(refused, 422, /^account_id is not the id of one of your accounts/)
    const created = (await withCookie(cookie, { ...body, account_id: 1 })).body
    assert.deepEqual(created.account_ids, [1])
    const withToken = { token: created.token }
    assert.equal((await test.api('/inboxes', withToken)).status, 200)
    assertRefused(
      await test.api(`//api/v1/accounts/${accountId}/inboxes`, withToken),
      403,
      /not belong to a member/,
    )
    const listed = async (token: string) => (await test.api(tokens, { token })).body.payload.length
    assert.deepEqual(
      [await listed(created.token), await listed(token)],
      [1, 1],
      'each lists those of its own account',
    )
    const revoke = await test.api(`${tokens}/${created.id}`, { method: 'DELETE', token })
    assertRefused(revoke, 404, /^access token not found$/)
    const headers = { cookie, 'sec-fetch-site': 'same-origin' }
    const all = (await test.api(tokens, { headers, token: null })).body.payload
    assert.equal(all.length, 2)
    const own = { method: 'DELETE', headers, token: null }
    assert.equal((await test.api(`${tokens}/${created.id}`, own)).status, 204)
    assert.equal((await test.api('/inboxes', withToken)).status, 401)
  })
})
