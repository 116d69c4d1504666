import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import {
  type ApiResponse,
  assertRefused,
  readAllRows,
  startTestApp,
  type TestApp,
} from '../../../test/app.ts'
import { testDatabaseUrl } from '../../../test/databases.ts'
import { eventually } from '../../../test/eventually.ts'
import { addUser } from '../../../test/factories.ts'
import { startApp } from '../../app.ts'
import { passwordHash, passwordMatches } from '../../lib/secrets.ts'
import { createMember } from '../users/service.ts'
import { createLink } from './service.ts'

const password = 'correct horse battery'
const admin = { email: 'admin@example.com', password }
let test: TestApp
before(async () => {
  test = await startTestApp({ NDOTO_ADMIN_PASSWORD: password, PUBLIC_URL: 'http://desk.example.com' })
})
after(() => test.close())
beforeEach(() => test.app.database.transaction(null, (tx) => tx.sql.deleteFrom('attempts').execute()))

const post = (path: string, body?: object, headers: Record<string, string> = {}, app = test) =>
  app.api(`//auth/${path}`, { method: 'POST', body, headers, token: null })
const cookieOf = ({ headers }: ApiResponse) => headers.get('set-cookie')!.split(';')[0]!
const profileWith = (cookie: string) => test.api('//api/v1/profile', { token: null, headers: { cookie } })

describe('a password', () => {
  it('matches its hash and no other', async () => {
    const hash = await passwordHash('päss wörd')
    assert.equal(await passwordMatches('päss wörd', hash), true)
    for (const wrong of ['pass word', 'päss wörd ', ''])
      assert.equal(await passwordMatches(wrong, hash), false)
    for (const none of [undefined, '', 'none', '$argon2id$v=19$m=1']) {
      assert.equal(await passwordMatches('', none), false)
    }
  })
})

describe('signing in', () => {
  it('returns the profile and a cookie that scripts cannot read', async () => {
    const answer = await post('sign_in', { ...admin, email: 'ADMIN@example.com' })
    assert.equal(answer.status, 200)
    const [cookie, device] = answer.headers.getSetCookie()
    assert.match(cookie!, /^ndoto_session=session_[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/)
    assert.match(device!, /^ndoto_device=[\w.-]{70,90}; Max-Age=\d+; Path=\/auth; HttpOnly; SameSite=Lax$/)
    assert.deepEqual((await profileWith(cookieOf(answer))).body, answer.body)
    assert.equal(answer.body.email, admin.email)
    const secret = cookieOf(answer).split('=')[1]!
    assert.equal(
      JSON.stringify(await readAllRows(test)).includes(secret),
      false,
      'only a hash of it is stored',
    )
  })

  describe('of a server whose public address is https', () => {
    let secure: TestApp
    before(async () => {
      secure = await startTestApp({
        NDOTO_ADMIN_PASSWORD: password,
        PUBLIC_URL: 'https://desk.example.com',
      })
    })
    after(() => secure.close())
    const profileOf = (cookie: string) => secure.api('//api/v1/profile', { token: null, headers: { cookie } })

    it('sets a cookie that only this host can set, and only over TLS', async () => {
      const { headers } = await post('sign_in', admin, {}, secure)
      const [cookie = '', device] = headers.getSetCookie()
      assert.match(device!, /^ndoto_device=.*; Path=\/auth; .*; Secure$/)
      assert.match(
        cookie,
        /^__Host-ndoto_session=session_[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
      )
      const answer = await profileOf(cookie.split(';')[0]!)
      assert.equal(answer.status, 200)
      assert.equal(answer.headers.get('set-cookie'), null)
    })

    it('does not accept a session under the name that another host can set', async () => {
      const [, secret] = cookieOf(await post('sign_in', admin, {}, secure)).split('=')
      assert.equal((await profileOf(`__Host-ndoto_session=${secret}`)).status, 200)
      assert.equal((await profileOf(`ndoto_session=${secret}`)).status, 401)
    })

    it('removes the cookie when the session ends', async () => {
      const cookie = cookieOf(await post('sign_in', admin, {}, secure))
      const { headers } = await post('sign_out', undefined, { cookie }, secure)
      assert.match(headers.get('set-cookie')!, /^__Host-ndoto_session=; Max-Age=0; Path=\/; .*; Secure$/)
      assert.equal((await profileOf(cookie)).status, 401)
    })
  })

  it('fails with the same error for a wrong password and an unknown address', async () => {
    const answers = [
      await post('sign_in', { ...admin, password: 'wrong' }),
      await post('sign_in', { email: 'nobody@example.com', password }),
      await post('sign_in', { email: 'person1@example.com', password: 'none' }),
      await post('sign_in', { ...admin, password: '' }),
    ]
    for (const answer of answers) {
      assertRefused(answer, 401, /^the e-mail address or the password is wrong$/)
      assert.equal(answer.headers.get('set-cookie'), null)
    }
    assertRefused(await post('sign_in', { email: admin.email }), 422, /^password is required/)
  })

  it('takes equally long for an unknown address and a wrong password', async () => {
    const time = async (body: object) => {
      const start = performance.now()
      await post('sign_in', body)
      return performance.now() - start
    }
    const times = { known: Infinity, unknown: Infinity }
    for (let i = 0; i < 4; i++) {
      times.known = Math.min(times.known, await time({ ...admin, password: 'wrong' }))
      times.unknown = Math.min(times.unknown, await time({ email: 'nobody@example.com', password }))
    }
    assert.ok(times.unknown > times.known / 2, JSON.stringify(times))
  })

  it('is refused for a page of another server', async () => {
    const rows = await readAllRows(test)
    for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }] as Record<
      string,
      string
    >[]) {
      assertRefused(await post('sign_in', admin, headers), 403, /page of another server/)
    }
    assert.deepEqual(await readAllRows(test), rows)
    assert.equal((await post('sign_in', admin, { origin: 'http://desk.example.com' })).status, 200)
    assert.equal((await post('sign_in', admin, { origin: test.app.url })).status, 200)
  })
})

describe('a session', () => {
  it('gives access like a token, and can read without further headers', async () => {
    const cookie = cookieOf(await post('sign_in', admin))
    const headers = { cookie: `theme=dark; ${cookie}; other=1` }
    assert.equal((await test.api('/conversations', { token: null, headers })).status, 200)
    const wrong = { cookie: `${cookie}x` }
    assertRefused(await test.api('/conversations', { token: null, headers: wrong }), 401, /session has ended/)
    const hidden = { cookie: `not_${cookie}` }
    assertRefused(
      await test.api('/conversations', { token: null, headers: hidden }),
      401,
      /send an access token/,
    )
  })

  it('can change something only from a page of this server', async () => {
    const cookie = cookieOf(await post('sign_in', admin))
    const create = (more: Record<string, string>) => {
      const headers = { cookie, ...more }
      return test.api('/contacts', { method: 'POST', body: { name: 'X' }, token: null, headers })
    }
    const rows = await readAllRows(test)
    for (const foreign of [
      {},
      { origin: 'null' },
      { origin: 'https://evil.example' },
      { origin: 'https://desk.example.com' },
      { origin: 'http://desk.example.com.evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
    ] as Record<string, string>[]) {
      assertRefused(await create(foreign), 403, /must come from a page of this server/)
    }
    assert.deepEqual(await readAllRows(test), rows)
    for (const own of [
      { origin: 'http://desk.example.com' },
      { origin: test.app.url },
      { 'sec-fetch-site': 'same-origin' },
    ] as Record<string, string>[]) {
      assert.equal((await create(own)).status, 201)
    }
    // Browsers do not send a token by themselves, as they do with a cookie.
    const withToken = {
      method: 'POST',
      body: { name: 'Y' },
      headers: { cookie, origin: 'https://evil.example' },
    }
    assert.equal((await test.api('/contacts', withToken)).status, 201)
  })

  it('ends on every node when it is signed out', {
    skip: !testDatabaseUrl && 'needs two nodes',
  }, async () => {
    const other = await startApp(test.config)
    try {
      const cookie = cookieOf(await post('sign_in', admin))
      const there = () => fetch(`${other.url}/api/v1/profile`, { headers: { cookie } })
      assert.equal((await there()).status, 200)
      await post('sign_out', undefined, { cookie })
      assert.equal((await there()).status, 401)
    } finally {
      await other.close()
    }
  })

  it('ends when it is signed out, which can be repeated', async () => {
    const cookie = cookieOf(await post('sign_in', admin))
    const other = cookieOf(await post('sign_in', admin))
    const foreign = await post('sign_out', undefined, { cookie, origin: 'https://evil.example' })
    assert.equal(foreign.status, 403)
    for (let i = 0; i < 2; i++) {
      const answer = await post('sign_out', undefined, { cookie })
      assert.equal(answer.status, 204)
      assert.match(answer.headers.get('set-cookie')!, /^ndoto_session=; Max-Age=0;/)
    }
    assert.equal((await post('sign_out')).status, 204)
    assert.equal((await profileWith(cookie)).status, 401)
    assert.equal((await profileWith(other)).status, 200, 'other sessions continue')
  })

  it('ends 90 days after it began even if it is used, and the browser deletes its cookie by then', async () => {
    const answer = await post('sign_in', admin)
    const day = 24 * 60 * 60 * 1000
    const [, seconds] = /Max-Age=(\d+)/.exec(answer.headers.get('set-cookie')!)!
    assert.equal(Number(seconds) * 1000, 90 * day)
    const created_at = Date.now() - 80 * day
    const last_used_at = Date.now() - day
    await test.app.database.transaction(null, (tx) =>
      tx.sql.updateTable('sessions').set({ created_at, last_used_at }).execute(),
    )
    assert.equal((await profileWith(cookieOf(answer))).status, 200)
    await eventually(async () => {
      const { sql } = test.app.database.read
      const rows = await sql.selectFrom('sessions').select('expires_at').execute()
      return rows.some(({ expires_at }) => expires_at === created_at + 90 * day)
    })
  })

  it('ends 30 days after its last use, and is extended by each use', async () => {
    const cookie = cookieOf(await post('sign_in', admin))
    const set = (row: { last_used_at?: number; expires_at: number }) =>
      test.app.database.transaction(null, (tx) => tx.sql.updateTable('sessions').set(row).execute())
    const day = 24 * 60 * 60 * 1000
    const last_used_at = Date.now() - 29 * day
    await set({ last_used_at, expires_at: last_used_at + 30 * day })
    assert.equal((await profileWith(cookie)).status, 200)
    const { sql } = test.app.database.read
    for (let i = 0; i < 50; i++) {
      const rows = await sql.selectFrom('sessions').select('expires_at').execute()
      if (rows.some(({ expires_at }) => expires_at > Date.now() + 29 * day)) break
      assert.ok(i < 49, 'the session was not extended')
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    await set({ expires_at: Date.now() - 1 })
    assert.equal((await profileWith(cookie)).status, 401)
  })
})

describe('a link to set a password', () => {
  let guests = 0
  const invited = async () => {
    const user = { name: 'Guest', email: `guest${++guests}@example.com`, passwordHash: null }
    const make = test.app.database.transaction(1, (tx) => createMember(tx, 1, 'agent', user))
    return { userId: await make, token: '' }
  }
  const link = async (purpose: 'invitation' | 'password') => {
    const user = await (purpose === 'invitation' ? invited() : addUser(test))
    const url = await test.app.database.transaction(null, (tx) =>
      createLink(tx, user.userId, purpose, test.config.publicUrl, null),
    )
    const { sql } = test.app.database.read
    const { email } = (await sql.selectFrom('users').selectAll().where('id', '=', user.userId).execute())[0]!
    return { ...user, email, url, token: url.split('#')[1]! }
  }

  it('works once, and ends all sessions of its user', async () => {
    const one = await link('password')
    assert.match(one.url, /^http:\/\/desk\.example\.com\/password#password_[\w-]{43}$/)
    assert.equal((await post('password/reset', { token: one.token, password })).status, 204)
    const cookie = cookieOf(await post('sign_in', { email: one.email, password }))
    const again = await post('password/reset', { token: one.token, password: 'something else' })
    assertRefused(again, 422, /^token is unknown, used or expired/)
    assert.equal((await profileWith(cookie)).status, 200)
    const url = await test.app.database.transaction(null, (tx) =>
      createLink(tx, one.userId, 'password', '', null),
    )
    await post('password/reset', { token: url.split('#')[1], password: 'something else' })
    assert.equal((await profileWith(cookie)).status, 401)
    assert.equal((await post('sign_in', { email: one.email, password })).status, 401)
  })

  it('ends the access tokens of its user, unless end_tokens is false', async () => {
    const [ended, valid] = [await addUser(test), await addUser(test)]
    for (const [{ userId }, more] of [
      [ended, {}],
      [valid, { end_tokens: false }],
    ] as const) {
      const url = await test.app.database.transaction(null, (tx) =>
        createLink(tx, userId, 'password', '', null),
      )
      const reset = await post('password/reset', { token: url.split('#')[1], password, ...more })
      assert.equal(reset.status, 204)
    }
    assert.equal((await test.api('/inboxes', { token: ended.token })).status, 401)
    assert.equal((await test.api('/inboxes', { token: valid.token })).status, 200)
  })

  it('works for only one of many concurrent requests', async () => {
    const { token } = await link('password')
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, i) => post('password/reset', { token, password: `password ${i}` })),
    )
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [204, 422, 422, 422, 422])
  })

  it('does not accept a common password or the name of the user, and can then be used again', async () => {
    const { token, email } = await link('password')
    for (const common of ['password', 'Iloveyou']) {
      const refused = await post('password/reset', { token, password: common })
      assertRefused(refused, 422, /^password is one of the most common passwords: choose another one$/)
    }
    const own = /^password is your name or e-mail address: choose another one$/
    assertRefused(await post('password/reset', { token, password: email }), 422, own)
    assert.equal((await post('password/reset', { token, password })).status, 204)
    const invitation = await link('invitation')
    const named = { token: invitation.token, password: 'Kim Possible', name: 'kim possible' }
    assertRefused(await post('invitation', named), 422, own)
  })

  it('that is an invitation signs the user in, with the name that they choose', async () => {
    const one = await link('invitation')
    const answer = await post('invitation', { token: one.token, password, name: 'Chosen' })
    assert.equal(answer.status, 200)
    assert.deepEqual([answer.body.id, answer.body.name], [one.userId, 'Chosen'])
    assert.equal((await profileWith(cookieOf(answer))).status, 200)
  })

  it('is refused if it has expired, or is used for the other purpose', async () => {
    const [reset, invitation] = [await link('password'), await link('invitation')]
    const refused = /^token is unknown, used or expired/
    assertRefused(await post('invitation', { token: reset.token, password }), 422, refused)
    assertRefused(await post('password/reset', { token: invitation.token, password }), 422, refused)
    assertRefused(await post('password/reset', { token: 'x', password }), 422, refused)
    assertRefused(
      await post('password/reset', { token: reset.token, password: 'short' }),
      422,
      /^password must/,
    )
    await test.app.database.transaction(null, (tx) =>
      tx.sql
        .updateTable('user_links')
        .set({ expires_at: Date.now() - 1 })
        .execute(),
    )
    assertRefused(await post('password/reset', { token: reset.token, password }), 422, refused)
  })
})

describe('a forgotten password', () => {
  it('gets the same response whether or not a user has the address', async () => {
    for (const email of [admin.email, 'nobody@example.com']) {
      assert.equal((await post('password/forgot', { email })).status, 204)
    }
  })
})
