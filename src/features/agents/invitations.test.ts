import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import {
  type ApiResponse,
  assertRefused,
  readAllRows,
  startTestApp,
  type TestApp,
} from '../../../test/app.ts'
import { eventsOf } from '../../../test/events.ts'
import { addAccount, addInbox, addTestConversation, addUser } from '../../../test/factories.ts'
import { passwordHash } from '../../lib/secrets.ts'

/* Two accounts of one installation, whose administrators do not trust each other. */

const password = 'correct horse battery'
const another = 'another horse battery'
let test: TestApp
let other: { accountId: number; token: string; userId: number }
before(async () => {
  test = await startTestApp()
  other = await addAccount(test)
})
after(() => test.close())
beforeEach(() => test.app.database.transaction(null, (tx) => tx.sql.deleteFrom('attempts').execute()))

interface Invited {
  id: number
  name: string
  email: string
  invite_url: string
}
let addresses = 0
const newAddress = () => `invited${++addresses}@example.com`

async function invite(email: string, as?: typeof other, more: object = {}): Promise<Invited> {
  const path = `//api/v1/accounts/${as?.accountId ?? 1}/agents`
  const body = { name: 'Kim', email, role: 'agent', ...more }
  const answer = await test.api(path, { method: 'POST', body, token: as?.token ?? test.token })
  assert.equal(answer.status, 201, JSON.stringify(answer.body))
  return answer.body
}

const post = (path: string, body: object) => test.api(`//auth/${path}`, { method: 'POST', body, token: null })
const tokenOf = (url: string) => url.split('#')[1]!
const accept = ({ invite_url }: Invited, more: object = {}) =>
  post('invitation', { token: tokenOf(invite_url), password, ...more })
const signIn = (email: string, secret: string) => post('sign_in', { email, password: secret })
const accountsOf = ({ body }: ApiResponse) => body.accounts.map(({ id }: { id: number }) => id)
const cookieOf = ({ headers }: ApiResponse) => headers.get('set-cookie')!.split(';')[0]!
const read = (path: string, cookie: string) => test.api(path, { token: null, headers: { cookie } })

/** Adds a user of the other account, whose password was set by its administrator with the link. */
async function addVictim() {
  const email = newAddress()
  const accepted = await accept(await invite(email, other))
  assert.equal(accepted.status, 200)
  return { email, userId: accepted.body.id as number, cookie: cookieOf(accepted) }
}

describe('the page of an invitation', () => {
  const details = (url: string) => post('invitation/details', { token: tokenOf(url) })

  it('says who is invited, and to which account, until it is accepted', async () => {
    const email = newAddress()
    const invited = await invite(email, undefined, { name: 'Grace' })
    const { status, body } = await details(invited.invite_url)
    assert.equal(status, 200)
    assert.deepEqual(body, { name: 'Grace', email, account: { id: 1, name: 'My company' } })
    assert.equal((await accept(invited)).status, 200)
    assertRefused(await details(invited.invite_url), 422, /^token is unknown, used or expired/)
    assertRefused(await details('#nonsense'), 422, /^token is unknown, used or expired/)
  })

  it('says nothing of a user of another account with the same address', async () => {
    const { email } = await addVictim()
    const { body } = await details((await invite(email, undefined, { name: 'As invited' })).invite_url)
    assert.deepEqual(body, { name: 'As invited', email, account: { id: 1, name: 'My company' } })
  })
})

describe('an invitation to an address of a user of another account', () => {
  it('gets the same response as one to a new address, without the name or id of the user', async () => {
    const { email, userId } = await addVictim()
    const [known, unknown] = [await invite(email), await invite(newAddress())]
    const shape = (one: Invited) => {
      const { id, email, invite_url, ...rest } = one
      return { ...rest, link: invite_url.replace(/#.*/, '') }
    }
    assert.deepEqual(shape(known), shape(unknown))
    assert.notEqual(known.id, userId)
    assert.equal(unknown.id, known.id + 1, 'the next id, as for every new user')
  })

  it('does not give them access before they have accepted', async () => {
    const { email, cookie } = await addVictim()
    await invite(email)
    assert.deepEqual(accountsOf(await read('//api/v1/profile', cookie)), [other.accountId])
    assert.equal((await read('/inboxes', cookie)).status, 403)
    assert.deepEqual(accountsOf(await signIn(email, password)), [other.accountId])
  })

  it('cannot set their password without the current one', async () => {
    const { email } = await addVictim()
    const invited = await invite(email)
    const rows = await readAllRows(test)
    assertRefused(
      await accept(invited, { password: another }),
      422,
      /^current_password is required because a user already signs in with this address/,
    )
    const wrong = { password: another, current_password: 'a guess' }
    assertRefused(await accept(invited, wrong), 422, /^current_password is not the password/)
    const now = await readAllRows(test)
    delete rows.attempts
    delete now.attempts
    assert.deepEqual(now, rows)
    assert.equal((await signIn(email, password)).status, 200)
  })

  it('is accepted with the current password and a new one, which ends earlier sessions', async () => {
    const { email, userId, cookie } = await addVictim()
    const inbox = await addInbox(test)
    const invited = await invite(email, undefined, { role: 'administrator' })
    await test.api(`/inbox_members/${inbox}`, { method: 'POST', body: { user_ids: [invited.id] } })
    const conversation = await addTestConversation(test, { inboxId: inbox })
    const assigned = { assignee_id: invited.id }
    await test.api(`/conversations/${conversation}/assignments`, { method: 'POST', body: assigned })

    const same = { current_password: password }
    assertRefused(await accept(invited, same), 422, /^password must differ from the current password/)
    let accepted: ApiResponse | undefined
    const events = await eventsOf(test, async () => {
      accepted = await accept(invited, { current_password: password, password: another })
    })
    assert.deepEqual([accepted!.status, accepted!.body.id], [200, userId])
    assert.deepEqual(accountsOf(accepted!), [1, other.accountId])
    assert.equal((await signIn(email, password)).status, 401, 'the administrator of the other account')
    assert.equal((await read('//api/v1/profile', cookie)).status, 401)
    assert.equal((await read('/webhooks', cookieOf(await signIn(email, another)))).status, 200)

    const appended = events
      .filter(({ audience }) => audience !== 'server')
      .map(({ name, data }) => [name, data.id])
    assert.deepEqual(appended, [
      ['agent_created', userId],
      ['conversation_updated', conversation],
      ['agent_deleted', invited.id],
    ])
    const agents = (await test.api('/agents')).body as Invited[]
    assert.deepEqual(
      agents.filter((agent) => agent.email === email).map(({ id }) => id),
      [userId],
    )
    const members = (await test.api(`/inbox_members/${inbox}`)).body.payload as { id: number }[]
    assert.deepEqual(
      members.map(({ id }) => id),
      [userId],
    )
    assert.equal((await test.api(`/conversations/${conversation}`)).body.meta.assignee.id, userId)
    const again = await accept(invited, { current_password: another, password: 'a third password' })
    assertRefused(again, 422, /^token is unknown, used/)
  })

  it('ends the control of the administrator who first invited them over their password', async () => {
    const { email, userId } = await addVictim()
    const path = `//api/v1/accounts/${other.accountId}/agents/${userId}/password_link`
    const makeLink = () => test.api(path, { method: 'POST', token: other.token })
    const { url } = (await makeLink()).body
    await accept(await invite(email), { current_password: password, password: another })
    assertRefused(await makeLink(), 403, /is also a member of another account/)
    const reset = await post('password/reset', { token: tokenOf(url), password })
    assertRefused(reset, 422, /^token is unknown, used/)
    assert.equal((await signIn(email, another)).status, 200)
  })

  it('gives no access to tokens of the other account', async () => {
    const { email, cookie } = await addVictim()
    const headers = { cookie, 'sec-fetch-site': 'same-origin' }
    const body = { name: 'planted', scopes: ['write'] }
    const created = await test.api('//api/v1/profile/access_tokens', {
      method: 'POST',
      body,
      headers,
      token: null,
    })
    assert.equal(created.status, 201)
    await accept(await invite(email), { current_password: password, password: another })
    const { token } = created.body
    assertRefused(await test.api('/inboxes', { token }), 403, /does not belong to a member/)
    assert.deepEqual(accountsOf(await test.api('//api/v1/profile', { token })), [other.accountId])
    const more = await test.api('//api/v1/profile/access_tokens', {
      method: 'POST',
      body: { ...body, account_id: 1 },
      token,
    })
    assertRefused(more, 422, /^account_id is not the id of one of your accounts/)
  })

  it('cannot be used to guess their password', async () => {
    const { email } = await addVictim()
    const invited = await invite(email)
    const guess = () => accept(invited, { current_password: 'a guess', password: another })
    const answers = await Promise.all(Array.from({ length: 12 }, guess))
    const statuses = answers.map(({ status }) => status).toSorted()
    assert.deepEqual(statuses, [...Array(10).fill(422), ...Array(2).fill(429)])
    assert.equal((await signIn(email, password)).status, 200)
  })
})

describe('an invited user', () => {
  it('is a different user in each account that has invited the address', async () => {
    const email = newAddress()
    const [ours, theirs] = [await invite(email), await invite(email, other)]
    assert.notEqual(ours.id, theirs.id)
    const first = await accept(theirs)
    assert.deepEqual(accountsOf(first), [other.accountId])
    assertRefused(await accept(ours, { password: another }), 422, /^current_password is required/)
    const joined = await accept(ours, { password: another, current_password: password })
    assert.deepEqual(accountsOf(joined), [1, other.accountId])
  })

  it('who accepts two invitations at the same time does not get one password for both accounts', async () => {
    const email = newAddress()
    const [ours, theirs] = [await invite(email), await invite(email, other)]
    const answers = await Promise.all([accept(ours, { password: another }), accept(theirs)])
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 422])
  })

  it('who was removed from every account returns as the same user, with only a link', async () => {
    const { userId, token } = await addUser(test)
    const { email } = (await test.api('//api/v1/profile', { token })).body
    assert.equal((await test.api(`/agents/${userId}`, { method: 'DELETE' })).status, 204)
    const accepted = await accept(await invite(email))
    assert.deepEqual([accepted.status, accepted.body.id], [200, userId])
  })

  it('who was removed before they accepted can be invited again, with a new name', async () => {
    const email = newAddress()
    const { id } = await invite(email)
    assert.equal((await test.api(`/agents/${id}`, { method: 'DELETE' })).status, 204)
    const again = await invite(email, undefined, { name: 'Lee', role: 'administrator' })
    assert.equal(again.name, 'Lee')
    assert.deepEqual((await accept(again)).body.accounts[0].role, 'administrator')
  })

  it('cannot sign in with an address that they have not confirmed', async () => {
    const email = newAddress()
    await invite(email)
    const hash = await passwordHash(password)
    await test.app.database.transaction(null, (tx) =>
      tx.sql.updateTable('users').set({ password_hash: hash }).where('email', '=', email).execute(),
    )
    assert.equal((await signIn(email, password)).status, 401)
  })
})
