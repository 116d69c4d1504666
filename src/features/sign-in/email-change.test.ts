import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, startTestApp, type TestApp } from '../../../test/app.ts'
import { eventsOf } from '../../../test/events.ts'
import { type MailServer, startMailServer } from '../../../test/mail-server.ts'
import type { Scope } from '../../lib/actor.ts'
import { createToken } from '../users/tokens.ts'

const password = 'correct horse battery'

describe('a user who changes the address with which they sign in', () => {
  let mail: MailServer
  let test: TestApp
  before(async () => {
    mail = await startMailServer()
    test = await startTestApp({ SMTP_URL: mail.url, PUBLIC_URL: 'https://desk.example.com' })
  })
  after(async () => {
    await test.close()
    mail.close()
  })

  const post = (path: string, body: object) =>
    test.api(`//auth/${path}`, { method: 'POST', body, token: null })
  const signIn = async (email: string) => (await post('sign_in', { email, password })).status

  /** Invites a user, who accepts, and returns their token and address. */
  async function addSignedUp(name: string) {
    const email = `${name}@example.com`
    const { id } = (await test.api('/agents', { method: 'POST', body: { name, email, role: 'agent' } })).body
    const token = await linkIn('invitation')
    assert.equal((await post('invitation', { token, password })).status, 200)
    const options = { name: 'test', scopes: ['read', 'write', 'admin'] as Scope[] }
    const apiToken = await test.app.database.transaction(null, (tx) => createToken(tx, 1, id, options))
    return { email, token: apiToken }
  }

  /** The secret of the link in the next mail. */
  async function linkIn(purpose: string, to?: string): Promise<string> {
    const { text, to: recipients } = await mail.next()
    if (to) assert.deepEqual(recipients, [to])
    const decoded = text.replaceAll(/=\n/g, '').replaceAll('=3D', '=')
    return new RegExp(`https://desk\\.example\\.com/${purpose}#(\\S+)`).exec(decoded)![1]!
  }

  const request = (user: { token: string }, email: string, current_password = password) =>
    test.api('//api/v1/profile/email', {
      method: 'POST',
      body: { email, current_password },
      token: user.token,
    })

  it('signs in with the new one once they have opened the link that was sent there', async () => {
    const user = await addSignedUp('amara')
    assert.equal((await request(user, 'Amara.Diallo@example.com')).status, 204)
    const token = await linkIn('email', 'amara.diallo@example.com')
    assert.equal(await signIn(user.email), 200)
    assert.equal(await signIn('amara.diallo@example.com'), 401)
    const [event] = await eventsOf(test, async () => {
      assert.equal((await post('email', { token })).status, 204)
    })
    assert.deepEqual(
      [event!.name, event!.data.agent.email, JSON.parse(event!.before!)],
      ['agent_updated', 'amara.diallo@example.com', { email: user.email }],
    )
    assert.equal(await signIn('amara.diallo@example.com'), 200)
    assert.equal(await signIn(user.email), 401)
    const notice = await mail.next()
    assert.deepEqual(notice.to, [user.email])
    assert.match(notice.text, /^Subject: Your e-mail address for Ndoto was changed$/m)
    assertRefused(await post('email', { token }), 422, /^token is unknown, used or expired/)
    const { body } = await test.api('//api/v1/profile', { token: user.token })
    assert.equal(body.email, 'amara.diallo@example.com')
  })

  it('needs their password', async () => {
    const user = await addSignedUp('bea')
    assertRefused(
      await request(user, 'new@example.com', 'wrong'),
      422,
      /^current_password is not the password/,
    )
    assertRefused(await request(user, 'no address'), 422, /^email /)
    assert.equal(await signIn(user.email), 200)
  })

  it('does not learn whether somebody has the address until they open its link, which then changes nothing', async () => {
    const [user, other] = [await addSignedUp('carl'), await addSignedUp('dana')]
    assert.equal((await request(user, other.email)).status, 204)
    const token = await linkIn('email', other.email)
    assertRefused(
      await post('email', { token }),
      422,
      /^token is for an address with which another user signs in$/,
    )
    assert.deepEqual([await signIn(user.email), await signIn(other.email)], [200, 200])
  })

  it('cannot use a link to confirm an address as one to set a password, nor the other way round', async () => {
    const user = await addSignedUp('emil')
    await request(user, 'emil.new@example.com')
    const token = await linkIn('email')
    assertRefused(await post('password/reset', { token, password: 'another horse battery' }), 422, /^token /)
    await post('password/forgot', { email: user.email })
    const reset = await linkIn('password')
    assertRefused(await post('email', { token: reset }), 422, /^token /)
    // Each link ends the ones before it.
    assertRefused(await post('email', { token }), 422, /^token /)
  })

  it('cannot make the server flood an address', async () => {
    const user = await addSignedUp('finn')
    for (let count = 0; count < 5; count++) {
      assert.equal((await request(user, 'victim@example.com')).status, 204)
      await mail.next()
    }
    assertRefused(await request(user, 'victim@example.com'), 429, /^too many links were requested/)
  })

  it('is refused if there is no mail server, with a sentence', async (t) => {
    const silent = await startTestApp({ NDOTO_ADMIN_PASSWORD: password })
    t.after(() => silent.close())
    const body = { email: 'new@example.com', current_password: password }
    const refused = await silent.api('//api/v1/profile/email', { method: 'POST', body })
    assertRefused(refused, 409, /^no mail server is configured/)
  })
})
