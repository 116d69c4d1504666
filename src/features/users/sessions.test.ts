import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, startTestApp, type TestApp } from '../../../test/app.ts'
import { openStream } from '../../../test/event-stream.ts'
import { eventually } from '../../../test/eventually.ts'
import { addUser, cookieOf } from '../../../test/factories.ts'

const path = '//api/v1/profile/sessions'
let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => test.close())

const as = (cookie: string) => ({ token: null, headers: { cookie, 'sec-fetch-site': 'same-origin' } })
const list = async (cookie: string) => (await test.api(path, as(cookie))).body.payload
const end = (cookie: string, id?: number) =>
  test.api(id === undefined ? path : `${path}/${id}`, { method: 'DELETE', ...as(cookie) })

describe('the sessions of a user', () => {
  it('are listed with their browser and times and which is the current one, without their secrets', async () => {
    const { userId } = await addUser(test)
    const first = await cookieOf(test, userId, 'Firefox')
    const second = await cookieOf(test, userId, 'Chromium')
    const payload = await list(first)
    assert.deepEqual(
      payload.map(({ user_agent, current }: Record<string, unknown>) => [user_agent, current]).toSorted(),
      [
        ['Chromium', false],
        ['Firefox', true],
      ],
    )
    const now = Date.now() / 1000
    for (const { created_at, last_used_at, expires_at } of payload) {
      assert.ok(Math.abs(created_at - now) < 60 && Math.abs(last_used_at - now) < 60)
      assert.equal(expires_at - last_used_at, 30 * 24 * 60 * 60)
    }
    assert.ok(!JSON.stringify(payload).includes(second.split('=')[1]!))
  })

  it('can be ended one by one, immediately, with their open streams', async () => {
    const { userId } = await addUser(test)
    const [mine, lost] = [await cookieOf(test, userId), await cookieOf(test, userId, 'a lost phone')]
    const stream = await openStream(test, { token: '', headers: { cookie: lost } })
    const { id } = (await list(mine)).find((one: { user_agent: string }) => one.user_agent === 'a lost phone')
    assert.equal((await end(mine, id)).status, 204)
    assert.equal((await test.api('//api/v1/profile', as(lost))).status, 401)
    await eventually(() => stream.ended)
    assertRefused(await end(mine, id), 404, /^session not found$/)
    assert.equal((await list(mine)).length, 1)
  })

  it('can be ended all except the current one, or with a token all', async () => {
    const { userId, token } = await addUser(test)
    const [mine, other] = [await cookieOf(test, userId), await cookieOf(test, userId)]
    assert.equal((await end(mine)).status, 204)
    assert.equal((await test.api('//api/v1/profile', as(other))).status, 401)
    assert.equal((await list(mine)).length, 1)
    assert.equal((await test.api(path, { method: 'DELETE', token })).status, 204)
    assert.equal((await test.api('//api/v1/profile', as(mine))).status, 401)
  })

  it('cannot be ended by another user, who gets 404', async () => {
    const [one, two] = [await addUser(test), await addUser(test)]
    const [mine, theirs] = [await cookieOf(test, one.userId), await cookieOf(test, two.userId)]
    const [{ id }] = await list(theirs)
    assertRefused(await end(mine, id), 404, /^session not found$/)
    await end(mine)
    assert.equal((await list(theirs)).length, 1)
  })

  it('are not listed after they have expired', async () => {
    const { userId } = await addUser(test)
    const [mine] = [await cookieOf(test, userId), await cookieOf(test, userId, 'ended')]
    await test.app.database.transaction(null, (tx) =>
      tx.sql.updateTable('sessions').set({ expires_at: 1 }).where('user_agent', '=', 'ended').execute(),
    )
    assert.equal((await list(mine)).length, 1)
  })
})
