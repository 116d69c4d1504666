import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, readAllRows, startTestApp, type TestApp } from '../../../test/app.ts'
import { addAccount, addUser, cookieOf } from '../../../test/factories.ts'
import { passwordHash } from '../../lib/secrets.ts'
import { joinAccount } from './service.ts'

const password = 'correct horse battery'
const profile = '//api/v1/profile'
let test: TestApp
before(async () => {
  test = await startTestApp({ NDOTO_ADMIN_PASSWORD: password })
})
after(() => test.close())

const change = (body: object, token = test.token) => test.api(profile, { method: 'PATCH', body, token })
const signIn = (secret: string) =>
  test.api('//auth/sign_in', {
    method: 'POST',
    body: { email: 'admin@example.com', password: secret },
    token: null,
  })

describe('the profile', () => {
  it('is that of the user of the token, with their accounts', async () => {
    const { status, body } = await test.api(profile)
    assert.equal(status, 200)
    assert.deepEqual(body, {
      id: 1,
      name: 'Administrator',
      email: 'admin@example.com',
      avatar_url: null,
      accounts: [{ id: 1, name: 'My company', role: 'administrator' }],
      availability: 'online',
      ui_settings: { locale: null },
    })
    const other = await addAccount(test)
    await test.app.database.transaction(null, (tx) => joinAccount(tx, 1, other.userId, 'agent'))
    const second = { id: other.accountId, name: 'Another company', role: 'administrator' }
    const { accounts } = (await test.api(profile, { token: other.token })).body
    assert.deepEqual(accounts, [second], 'a token does not show other accounts')
    const headers = { cookie: await cookieOf(test, other.userId) }
    const all = (await test.api(profile, { token: null, headers })).body.accounts
    assert.deepEqual(all, [{ id: 1, name: 'My company', role: 'agent' }, second])
  })

  it('can be read with any token, and changed with the scope write', async () => {
    const reader = await addUser(test, { scopes: ['read'] })
    const rows = await readAllRows(test)
    for (const token of [null, 'nonsense']) {
      assertRefused(await test.api(profile, { token }), 401, /access token/)
      assertRefused(await test.api(profile, { token, method: 'PATCH', body: {} }), 401, /access token/)
    }
    assert.equal((await test.api(profile, { token: reader.token })).status, 200)
    assertRefused(await change({ name: 'x' }, reader.token), 403, /lacks the scope "write"/)
    assert.deepEqual(await readAllRows(test), rows)
  })

  it('can get a language, and lose it again', async () => {
    const { token } = await addUser(test)
    const set = (ui_settings: object) => change({ ui_settings }, token)
    assert.deepEqual((await set({ locale: 'pt-BR' })).body.ui_settings, { locale: 'pt-BR' })
    assert.deepEqual((await change({ name: 'Kim' }, token)).body.ui_settings, { locale: 'pt-BR' })
    assert.deepEqual((await set({})).body.ui_settings, { locale: 'pt-BR' })
    assertRefused(await set({ locale: 'tlh' }), 422, /ui_settings.locale must be one of en, ar/)
    assert.deepEqual((await test.api(profile, { token })).body.ui_settings, { locale: 'pt-BR' })
    assert.deepEqual((await test.api(profile)).body.ui_settings, { locale: null }, 'that of another user')
    assert.deepEqual((await set({ locale: null })).body.ui_settings, { locale: null })
  })

  it('can get a new name and availability', async () => {
    const { token } = await addUser(test)
    const { body } = await change({ name: 'Kim', availability: 'busy' }, token)
    assert.deepEqual([body.name, body.availability], ['Kim', 'busy'])
    assert.deepEqual((await test.api(profile, { token })).body, body)
    assertRefused(await change({ name: ' ' }, token), 422, /^name must not be empty/)
    assertRefused(await change({ availability: 'away' }, token), 422, /^availability must be one of/)
  })
})

describe('a new password', () => {
  it('must not be a common one, or the name or address of its user, in any case', async () => {
    const { token } = await addUser(test)
    await change({ name: 'Jane van Dyke' }, token)
    const { email } = (await test.api(profile, { token })).body
    const choose = (secret: string, more: object = {}) =>
      change({ password: secret, current_password: 'guess', ...more }, token)
    for (const common of ['password', 'PassWord1', '12345678', 'qwertyuiop', 'baseball']) {
      assertRefused(
        await choose(common),
        422,
        /^password is one of the most common passwords: choose another one$/,
      )
    }
    for (const own of [
      email,
      email.toUpperCase(),
      'jane van dyke',
      'Jane.VanDyke',
      email.replace('@', ' '),
    ]) {
      assertRefused(await choose(own), 422, /^password is your name or e-mail address: choose another one$/)
    }
    const named = await choose('Chosen Later', { name: 'chosen later' })
    assertRefused(named, 422, /^password is your name/)
    // None of these counts as an attempt to guess the current password.
    assertRefused(await choose('jane van dyke 77'), 422, /^current_password is not the password/)
  })

  it('requires the current one, and ends the sessions that began with it', async () => {
    const next = 'another horse battery'
    const cookie = (await signIn(password)).headers.get('set-cookie')!.split(';')[0]!
    const rows = await readAllRows(test)
    assertRefused(await change({ password: next }), 422, /^current_password is required/)
    assertRefused(
      await change({ password: 'short', current_password: password }),
      422,
      /^password must have at least/,
    )
    delete rows.attempts
    const wrong = await change({ name: 'X', password: next, current_password: 'wrong' })
    assertRefused(wrong, 422, /^current_password is not the password/)
    const now = await readAllRows(test)
    delete now.attempts
    assert.deepEqual(now, rows)
    const withCookie = { token: null, headers: { cookie } }
    assert.equal((await test.api(profile, withCookie)).status, 200)
    assert.equal((await change({ password: next, current_password: password })).status, 200)
    assert.equal((await test.api(profile, withCookie)).status, 401)
    assert.equal((await signIn(password)).status, 401)
    assert.equal((await signIn(next)).status, 200)
    await change({ password, current_password: next })
  })

  it('does not end the session that makes the request', async () => {
    const cookie = (await signIn(password)).headers.get('set-cookie')!.split(';')[0]!
    const headers = { cookie, 'sec-fetch-site': 'same-origin' }
    const body = { password, current_password: password }
    assert.equal((await test.api(profile, { token: null, headers, method: 'PATCH', body })).status, 200)
    assert.equal((await test.api(profile, { token: null, headers })).status, 200)
  })

  it('ends access tokens only if the request says so', async () => {
    const { token, userId } = await addUser(test)
    const old = await passwordHash(password)
    await test.app.database.transaction(null, (tx) =>
      tx.sql.updateTable('users').set({ password_hash: old }).where('id', '=', userId).execute(),
    )
    const body = { password: 'another horse battery', current_password: password }
    assert.equal((await change(body, token)).status, 200)
    assert.equal((await test.api(profile, { token })).status, 200)
    const back = { password, current_password: body.password, end_tokens: true }
    assert.equal((await change(back, token)).status, 200)
    assert.equal((await test.api(profile, { token })).status, 401)
  })

  it('cannot be set by guessing the current one', async () => {
    const { token } = await addUser(test)
    const tries = () => change({ password: 'another one', current_password: 'guess' }, token)
    const answers = await Promise.all(Array.from({ length: 14 }, tries))
    const statuses = answers.map(({ status }) => status).toSorted()
    assert.deepEqual(statuses, [...Array(10).fill(422), ...Array(4).fill(429)])
    const refused = answers.find(({ status }) => status === 429)!
    assert.ok(Number(refused.headers.get('retry-after')) > 800)
  })
})
