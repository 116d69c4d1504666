import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { type ApiResponse, assertRefused, startTestApp, type TestApp } from '../../../test/app.ts'
import { type MailServer, startMailServer } from '../../../test/mail-server.ts'
import { countSignIn } from './limits.ts'
import { createLink } from './service.ts'

const password = 'correct horse battery'
const email = 'admin@example.com'
let mail: MailServer
let test: TestApp
before(async () => {
  mail = await startMailServer()
  const settings = { NDOTO_ADMIN_PASSWORD: password, PUBLIC_URL: 'https://desk.example.com' }
  test = await startTestApp({ ...settings, TRUST_PROXY: '127.0.0.1', SMTP_URL: mail.url })
})
after(async () => {
  await test.close()
  mail.close()
})
beforeEach(() => test.app.database.transaction(null, (tx) => tx.sql.deleteFrom('attempts').execute()))

const home = '192.0.2.1'
const signIn = (body: object, from = home, cookie = '') =>
  test.api('//auth/sign_in', {
    method: 'POST',
    body: { email, password, ...body },
    token: null,
    headers: { 'x-forwarded-for': from, cookie },
  })
const wrong = (body: object = {}, from = home, cookie = '') =>
  signIn({ password: 'guess', ...body }, from, cookie)
const times = (count: number, one: (index: number) => Promise<ApiResponse>) =>
  Promise.all(Array.from({ length: count }, (_, index) => one(index)))
const statuses = (answers: ApiResponse[]) => answers.map(({ status }) => status).toSorted()
const deviceOf = ({ headers }: ApiResponse) =>
  headers
    .getSetCookie()
    .find((cookie) => cookie.startsWith('ndoto_device='))!
    .split(';')[0]!
/** Counts ten wrong passwords from each of ten networks, without the work of comparing them. */
const attack = () =>
  test.app.database.transaction(null, async (tx) => {
    for (let i = 0; i < 100; i++) await countSignIn(tx, email, `198.51.100.${Math.floor(i / 10)}`, undefined)
  })

describe('wrong passwords', () => {
  it('are limited to 10 for an e-mail address from one network, even if many are tried at once', async () => {
    assert.deepEqual(statuses(await times(13, () => wrong())), [
      ...Array(10).fill(401),
      ...Array(3).fill(429),
    ])
    const refused = await signIn({ email: email.toUpperCase() })
    assertRefused(refused, 429, /too many attempts to sign in; try again in \d+ seconds/)
    assert.ok(Number(refused.headers.get('retry-after')) > 800)
    assert.equal((await wrong({ email: 'another@example.com' })).status, 401)
  })

  it('from one network do not lock out the owner in another network', async () => {
    await times(13, () => wrong({}, '198.51.100.1'))
    assert.equal((await signIn({})).status, 200)
  })

  it('are counted for all addresses of an IPv6 network together', async () => {
    await times(10, (index) => wrong({}, `2001:db8:1:2::${index + 1}`))
    assert.equal((await signIn({}, '2001:db8:1:2:ffff::1')).status, 429)
    assert.equal((await signIn({}, '2001:db8:1:3::1')).status, 200)
  })

  it('are limited to 30 from one network for any addresses, even with a success in between', async () => {
    const spray = (index: number) => wrong({ email: `person${index}@example.com` })
    assert.deepEqual(statuses(await times(20, spray)), Array(20).fill(401))
    assert.equal((await signIn({})).status, 200)
    const rest = await times(13, (index) => spray(20 + index))
    assert.deepEqual(statuses(rest), [...Array(10).fill(401), ...Array(3).fill(429)])
    assertRefused(await signIn({}), 429, /too many attempts to sign in/)
  })

  it('are not counted for users who sign in with the correct one', async () => {
    for (let i = 0; i < 32; i++) assert.equal((await signIn({})).status, 200)
  })

  it('are forgotten after a success, and after 15 minutes', async () => {
    for (let round = 0; round < 2; round++) {
      await times(9, () => wrong())
      assert.equal((await signIn({})).status, 200)
    }
    await times(10, () => wrong())
    await test.app.database.transaction(null, (tx) =>
      tx.sql.updateTable('attempts').set({ expires_at: Date.now() }).execute(),
    )
    assert.equal((await signIn({})).status, 200)
  })
})

describe('an e-mail address that is attacked from many networks', () => {
  it('is limited to 100 wrong passwords, even if no user has it', async () => {
    for (const attacked of [email, 'nobody@example.com']) {
      for (let network = 0; network < 10; network++) {
        const guess = () => wrong({ email: attacked }, `198.51.${attacked.length}.${network}`)
        assert.deepEqual(statuses(await times(10, guess)), Array(10).fill(401))
      }
      assertRefused(
        await signIn({ email: attacked }),
        429,
        /too many attempts to sign in; try again in \d+ seconds/,
      )
    }
  })

  it('is not blocked by attempts that are refused for one network', async () => {
    await times(120, () => wrong({}, '198.51.100.1'))
    assert.equal((await signIn({})).status, 200)
  })

  it('can sign in in a browser with an earlier sign-in, which has its own limit of 10', async () => {
    const device = deviceOf(await signIn({}))
    await attack()
    assert.equal((await signIn({})).status, 429)
    for (let i = 0; i < 9; i++) assert.equal((await wrong({}, home, device)).status, 401)
    const again = await signIn({}, home, device)
    assert.equal(again.status, 200)
    await times(10, () => wrong({}, home, device))
    assert.equal((await signIn({}, home, device)).status, 429)
    assert.equal(
      (await signIn({}, '198.51.100.1', deviceOf(again))).status,
      200,
      'even in a network that has reached its limit',
    )
  })

  it('cannot sign in with the device cookie of another user, or a forged one', async () => {
    const device = deviceOf(await signIn({}))
    await attack()
    const [time, nonce, signature] = device.slice('ndoto_device='.length).split('.')
    for (const forged of [
      `${Number(time) + 1}.${nonce}.${signature}`,
      `${time}.${nonce}x.${signature}`,
      `${time}.${nonce}.`,
      `${time}`,
      '..',
    ]) {
      assert.equal((await signIn({}, home, `ndoto_device=${forged}`)).status, 429, forged)
    }
    const other = { email: 'nobody@example.com' }
    const answers = await times(12, () => wrong(other, '192.0.2.9', device))
    assert.deepEqual(statuses(answers), [...Array(10).fill(401), ...Array(2).fill(429)])
  })

  it('can sign in after resetting the password with a link, in that browser', async () => {
    await attack()
    await times(10, () => wrong())
    const url = await test.app.database.transaction(null, (tx) => createLink(tx, 1, 'password', '', null))
    const reset = await test.api('//auth/password/reset', {
      method: 'POST',
      body: { token: url.split('#')[1], password },
      token: null,
      headers: { 'x-forwarded-for': home },
    })
    assert.equal(reset.status, 204)
    await attack()
    assert.equal((await signIn({}, home, deviceOf(reset))).status, 200)
  })

  it('gets a notice once a day', async () => {
    const before = mail.mails.length
    await attack()
    for (let i = 0; i < 3; i++) assert.equal((await wrong({}, `203.0.113.${i}`)).status, 429)
    const { to, text } = await mail.next()
    assert.deepEqual(to, [email])
    assert.match(text, /^Subject: Failed attempts to sign in to Ndoto$/m)
    assert.match(text, /^https:\/\/desk\.example\.com\/$/m)
    const forget = (created_at: number) =>
      test.app.database.transaction(null, (tx) =>
        tx.sql
          .deleteFrom('attempts')
          .where('expires_at', '<', Date.now() + created_at)
          .execute(),
      )
    await forget(60 * 60_000)
    await attack()
    assert.equal((await wrong()).status, 429)
    await setTimeout(200)
    assert.equal(mail.mails.length, before + 1)
    await forget(48 * 60 * 60_000)
    await attack()
    assert.equal((await wrong()).status, 429)
    assert.deepEqual((await mail.next()).to, [email])
  })
})
