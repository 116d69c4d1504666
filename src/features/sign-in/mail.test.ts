import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { startTestApp, type TestApp } from '../../../test/app.ts'
import { addAccount } from '../../../test/factories.ts'
import { type MailServer, startMailServer } from '../../../test/mail-server.ts'

const password = 'correct horse battery'
let mail: MailServer
let test: TestApp
before(async () => {
  mail = await startMailServer()
  const settings = { SMTP_URL: mail.url, MAIL_FROM: 'Support <support@example.com>' }
  test = await startTestApp({ ...settings, PUBLIC_URL: 'https://desk.example.com' })
})
after(async () => {
  await test.close()
  mail.close()
})

const post = (path: string, body: object) => test.api(`//auth/${path}`, { method: 'POST', body, token: null })
/** Decodes the text of a mail (quoted-printable). */
const decoded = (text: string) => text.replaceAll(/=\n/g, '').replaceAll('=3D', '=')
/** The secret of the link in a mail. */
const secretIn = (text: string, purpose: string) =>
  new RegExp(`https://desk\\.example\\.com/${purpose}#(\\S+)`).exec(decoded(text))?.[1]

describe('if a mail server is configured', () => {
  it('an invitation is mailed to the agent, and is not in the response', async () => {
    const kim = { name: 'Kim, the first', email: 'kim@example.com', role: 'agent' }
    const { body } = await test.api('/agents', { method: 'POST', body: kim })
    assert.equal(body.invite_url, null)
    const { to, text } = await mail.next()
    assert.deepEqual(to, ['kim@example.com'])
    assert.match(text, /^From: Support <support@example\.com>$/m)
    const token = secretIn(text, 'invitation')
    assert.equal((await post('invitation', { token, password })).status, 200)
  })

  it('a user who has forgotten their password gets a link to reset it', async () => {
    assert.equal((await post('password/forgot', { email: 'KIM@example.com' })).status, 204)
    const { to, text } = await mail.next()
    assert.deepEqual(to, ['kim@example.com'])
    const reset = { token: secretIn(text, 'password'), password: 'another horse battery' }
    assert.equal((await post('password/reset', reset)).status, 204)
    const login = { email: 'kim@example.com', password: 'another horse battery' }
    assert.equal((await post('sign_in', login)).status, 200)
  })

  it('an invited user who has lost the mail gets another invitation', async () => {
    const lee = { name: 'Lee', email: 'lee@example.com', role: 'agent' }
    await test.api('/agents', { method: 'POST', body: lee })
    await mail.next()
    await post('password/forgot', { email: lee.email })
    const token = secretIn((await mail.next()).text, 'invitation')
    assert.equal((await post('invitation', { token, password })).status, 200)
  })

  it('another invitation is mailed to the agent, too, and not shown to the administrator', async () => {
    const invited = { name: 'Lou', email: 'lou@example.com', role: 'agent' }
    const { id } = (await test.api('/agents', { method: 'POST', body: invited })).body
    await mail.next()
    const again = await test.api(`/agents/${id}/password_link`, { method: 'POST' })
    assert.deepEqual([again.status, again.body], [200, { url: null }])
    const token = secretIn((await mail.next()).text, 'invitation')
    assert.equal((await post('invitation', { token, password })).status, 200)
  })

  it('a user who was invited by two accounts and has lost the mails gets an invitation of each', async () => {
    const other = await addAccount(test)
    const lee = { name: 'Lee', email: 'twice@example.com', role: 'agent' }
    await test.api('/agents', { method: 'POST', body: lee })
    const theirs = `//api/v1/accounts/${other.accountId}/agents`
    const { body } = await test.api(theirs, { method: 'POST', body: lee, token: other.token })
    assert.equal(body.invite_url, null)
    for (let i = 0; i < 2; i++) await mail.next()
    await post('password/forgot', { email: lee.email })
    const links = [await mail.next(), await mail.next()].map(({ text }) => secretIn(text, 'invitation'))
    assert.equal((await post('invitation', { token: links[0], password })).status, 200)
    const next = { current_password: password, password: 'another horse battery' }
    const joined = await post('invitation', { token: links[1], ...next })
    assert.deepEqual([joined.status, joined.body.accounts.length], [200, 2])
  })

  it('an unknown address gets no link, and one address cannot be flooded', async () => {
    await post('password/forgot', { email: 'nobody@example.com' })
    await test.app.database.transaction(null, (tx) => tx.sql.deleteFrom('attempts').execute())
    const before = mail.mails.length
    for (let i = 0; i < 14; i++) {
      assert.equal((await post('password/forgot', { email: 'kim@example.com' })).status, 204)
    }
    for (let i = 0; i < 10; i++) assert.deepEqual((await mail.next()).to, ['kim@example.com'])
    assert.equal(mail.mails.length, before + 10)
  })

  it('a name cannot forge the text of a mail, or a header', async () => {
    const name = `Kim,\r\n\r\nPay here: https://evil.example\u2028\u202eBcc: all@example.com ${'x'.repeat(150)}`
    await test.api('/agents', { method: 'POST', body: { name, email: 'long@example.com', role: 'agent' } })
    const { to, text } = await mail.next()
    assert.deepEqual(to, ['long@example.com'])
    const body = decoded(text)
    assert.match(body, /^Hello Kim, Pay here: https:\/\/evil\.example Bcc: all@example\.com x{30,60},$/m)
    assert.doesNotMatch(text, /^(?:Bcc|Pay)/m)
  })

  it('an address that looks like two gets one mail', async () => {
    const odd = { name: 'Odd', email: 'a,b@example.com', role: 'agent' }
    await test.api('/agents', { method: 'POST', body: odd })
    const { to } = await mail.next()
    assert.equal(to.length, 1)
  })
})

describe('a mail server without TLS', () => {
  // It looks like the name of a public host, but every system resolves it to 127.0.0.1.
  const away = (url: string) => url.replace('127.0.0.1', '127.1')
  const invite = async (url: string, server: MailServer) => {
    const app = await startTestApp({ SMTP_URL: url })
    try {
      const body = { name: 'Lee', email: 'lee@example.com', role: 'agent' }
      assert.equal((await app.api('/agents', { method: 'POST', body })).status, 201)
      for (let i = 0; i < 100 && !/^(?:QUIT|STARTTLS)/.test(server.commands.at(-1) ?? ''); i++) {
        await setTimeout(20)
      }
    } finally {
      await app.close()
    }
  }

  it('gets no mail, because the link would be sent over the network in plain text', async () => {
    const server = await startMailServer()
    await invite(away(server.url), server)
    assert.deepEqual(
      server.commands.map((line) => line.split(' ')[0]),
      ['EHLO', 'STARTTLS'],
    )
    server.close()
  })

  it('gets mail if the operator allows it, or if it is on a private network', async () => {
    const server = await startMailServer()
    await invite(`${away(server.url)}?starttls=optional`, server)
    assert.equal(server.mails.length, 1)
    await invite(server.url, server)
    await server.next()
    await server.next()
    assert.ok(!server.commands.includes('STARTTLS'))
    server.close()
  })
})
