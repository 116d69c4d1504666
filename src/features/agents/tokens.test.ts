import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, startTestApp, type TestApp } from '../../../test/app.ts'
import { openStream } from '../../../test/event-stream.ts'
import { eventually } from '../../../test/eventually.ts'
import { addAccount, addUser } from '../../../test/factories.ts'

let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => test.close())

const list = async () => (await test.api('/access_tokens')).body.payload
const revoke = (id: number) => test.api(`/access_tokens/${id}`, { method: 'DELETE' })

describe('the access tokens of an account', () => {
  it('are listed for administrators, with their users and without their secrets', async () => {
    const { userId, token } = await addUser(test, { scopes: ['write'] })
    await addAccount(test)
    const payload = await list()
    assert.deepEqual(
      payload.map((one: { user_id: number }) => one.user_id),
      [1, userId],
    )
    const { id, created_at, ...listed } = payload[1]
    assert.deepEqual(listed, {
      user_id: userId,
      account_ids: [1],
      name: 'test',
      scopes: ['write'],
      expires_at: null,
      last_used_at: null,
    })
    assert.ok(!JSON.stringify(payload).includes(token))
  })

  it('can be revoked by administrators, which also ends their open streams', async () => {
    const { userId, token } = await addUser(test)
    const stream = await openStream(test, { token })
    const { id } = (await list()).find((one: { user_id: number }) => one.user_id === userId)
    assert.equal((await revoke(id)).status, 204)
    assertRefused(await test.api('/inboxes', { token }), 401, /unknown, expired or revoked/)
    await eventually(() => stream.ended)
    assertRefused(await revoke(id), 404, /^access token not found$/)
  })

  it('remain valid for their other accounts', async () => {
    const other = await addAccount(test)
    const { sql } = test.app.database.read
    const { id } = await sql
      .selectFrom('access_tokens')
      .select('id')
      .where('user_id', '=', other.userId)
      .executeTakeFirstOrThrow()
    await test.app.database.transaction(null, async (tx) => {
      const member = { account_id: 1, user_id: other.userId, role: 'agent', created_at: 1 } as const
      await tx.sql.insertInto('account_users').values(member).execute()
      const both = { account_id: 1, user_id: other.userId, token_id: id }
      await tx.sql.insertInto('token_memberships').values(both).execute()
    })
    const { token } = other
    assert.equal((await test.api('/inboxes', { token })).status, 200)
    const ours = (await list()).find((one: { id: number }) => one.id === id)
    assert.deepEqual(ours.account_ids, [1], 'the other account is not shown')
    assert.equal((await revoke(id)).status, 204)
    assertRefused(await test.api('/inboxes', { token }), 403, /does not belong to a member/)
    const theirs = `//api/v1/accounts/${other.accountId}/inboxes`
    assert.equal((await test.api(theirs, { token })).status, 200)
  })

  it('cannot be revoked by another account, which gets 404', async () => {
    const other = await addAccount(test)
    const path = `//api/v1/accounts/${other.accountId}/access_tokens`
    const [{ id }] = (await test.api(path, { token: other.token })).body.payload
    assertRefused(await revoke(id), 404, /^access token not found$/)
  })
})
