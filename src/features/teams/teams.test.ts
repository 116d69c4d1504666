import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, readAllRows, startTestApp, type TestApp } from '../../../test/app.ts'
import { addAccount, addUser } from '../../../test/factories.ts'
import { assertStoredCounts } from '../../../test/stored-counts.ts'

let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => assertStoredCounts(test).finally(() => test.close()))

const create = (body: unknown, token = test.token) => test.api('/teams', { method: 'POST', body, token })
const patch = (id: number, body: unknown, token = test.token) =>
  test.api(`/teams/${id}`, { method: 'PATCH', body, token })
const members = (id: number, method = 'GET', user_ids?: unknown, token = test.token) =>
  test.api(`/teams/${id}/team_members`, { method, token, ...(user_ids ? { body: { user_ids } } : {}) })

describe('teams', () => {
  it('are created with defaults, and listed by name as a plain array', async () => {
    const { status, body } = await create({ name: 'Sales' })
    assert.equal(status, 201)
    const { id, created_at, ...rest } = body
    assert.deepEqual(rest, {
      name: 'Sales',
      description: null,
      allow_auto_assign: true,
      updated_at: created_at,
    })
    const billing = (await create({ name: 'billing', description: 'Money', allow_auto_assign: false })).body
    assert.deepEqual((await test.api('/teams')).body, [billing, body])
    assert.deepEqual((await test.api(`/teams/${id}`)).body, body)
  })

  it('are changed field by field', async () => {
    const { body } = await create({ name: 'Night', description: 'From 22:00' })
    const { body: changed } = await patch(body.id, { name: 'NIGHT', allow_auto_assign: false })
    assert.deepEqual(
      { ...changed, updated_at: 0 },
      { ...body, name: 'NIGHT', allow_auto_assign: false, updated_at: 0 },
    )
    assert.equal((await patch(body.id, { description: null })).body.description, null)
  })

  it('have unique names, ignoring case', async () => {
    const team = (await create({ name: 'Équipe' })).body.id
    const { id } = (await create({ name: 'Spare' })).body
    const rows = await readAllRows(test)
    const used = new RegExp(`^name is already used by team ${team}$`)
    assertRefused(await create({ name: 'éQUIPE' }), 422, used)
    assertRefused(await patch(id, { name: 'équipe' }), 422, used)
    for (const name of ['', ' ', 'x'.repeat(101), 5, null]) {
      assertRefused(await create({ name }), 422, /^name must/)
      assertRefused(await patch(id, { name }), 422, /^name must/)
    }
    assert.deepEqual(await readAllRows(test), rows)
  })

  it('get all of their members at once, or none of them if one is unknown', async () => {
    const { id } = (await create({ name: 'Set at once' })).body
    const { userId } = await addUser(test)
    await members(id, 'POST', [1])
    const idsOf = (body: { id: number }[]) => body.map((one) => one.id)
    assert.deepEqual(idsOf((await members(id, 'PATCH', [userId])).body), [userId])
    assertRefused(await members(id, 'PATCH', [1, 9999]), 422, /^user_ids names no member/)
    assert.deepEqual(idsOf((await members(id)).body), [userId])
    assert.deepEqual((await members(id, 'PATCH', [])).body, [])
  })

  it('no longer exist after they are deleted, nor do their memberships', async () => {
    const { id } = (await create({ name: 'Short-lived' })).body
    await members(id, 'POST', [1])
    const response = await test.api(`/teams/${id}`, { method: 'DELETE' })
    assert.deepEqual([response.status, response.body], [204, ''])
    assertRefused(await test.api(`/teams/${id}`), 404, /^team not found$/)
    assertRefused(await members(id), 404, /^team not found$/)
    assert.equal((await create({ name: 'Short-lived' })).status, 201)
  })

  it('can be read by agents, and changed only by administrators', async () => {
    const { id } = (await create({ name: 'Guarded' })).body
    const agent = await addUser(test)
    const writer = await addUser(test, { role: 'administrator', scopes: ['write'] })
    for (const path of ['/teams', `/teams/${id}`, `/teams/${id}/team_members`]) {
      assert.equal((await test.api(path, { token: agent.token })).status, 200)
    }
    const rows = await readAllRows(test)
    for (const { token } of [agent, writer]) {
      assert.equal((await create({ name: 'Forbidden' }, token)).status, 403)
      assert.equal((await patch(id, { name: 'Forbidden' }, token)).status, 403)
      assert.equal((await test.api(`/teams/${id}`, { method: 'DELETE', token })).status, 403)
      assert.equal((await members(id, 'POST', [1], token)).status, 403)
      assert.equal((await members(id, 'DELETE', [1], token)).status, 403)
    }
    assert.deepEqual(await readAllRows(test), rows)
  })

  it('are invisible to another account', async () => {
    const { id } = (await create({ name: 'Ours' })).body
    const other = await addAccount(test)
    const url = `//api/v1/accounts/${other.accountId}/teams`
    assert.deepEqual((await test.api(url, other)).body, [])
    assertRefused(await test.api(`${url}/${id}`, other), 404, /^team not found$/)
    const theirs = await test.api(url, { method: 'POST', body: { name: 'Ours' }, token: other.token })
    assert.equal(theirs.body.id, 1)
  })
})

describe('members of a team', () => {
  it('are added and removed, and each response lists all members', async () => {
    const { id } = (await create({ name: 'Crew' })).body
    const one = await addUser(test)
    const two = await addUser(test)
    assert.deepEqual((await members(id)).body, [])
    const { status, body } = await members(id, 'POST', [two.userId, one.userId, one.userId])
    assert.equal(status, 200)
    assert.deepEqual(
      body.map((member: { id: number; name: string }) => [member.id, member.name]),
      [
        [one.userId, one.name],
        [two.userId, two.name],
      ],
    )
    assert.deepEqual(Object.keys(body[0]), ['id', 'name', 'email', 'role', 'avatar_url'])
    assert.deepEqual((await members(id, 'POST', [one.userId])).body, body)
    assert.deepEqual((await members(id)).body, body)
    assert.deepEqual((await members(id, 'DELETE', [one.userId, 1])).body, body.slice(1))
    assert.deepEqual((await members(id)).body, body.slice(1))
  })

  it('must be members of the account', async () => {
    const { id } = (await create({ name: 'Closed' })).body
    const other = await addAccount(test)
    const rows = await readAllRows(test)
    for (const stranger of [other.userId, 9999]) {
      const response = await members(id, 'POST', [1, stranger])
      assertRefused(response, 422, new RegExp(`^user_ids names no member of this account: ${stranger}$`))
    }
    for (const wrong of [[], ['1'], 1, [0], null]) {
      const response = await test.api(`/teams/${id}/team_members`, {
        method: 'POST',
        body: { user_ids: wrong },
      })
      assertRefused(response, 422, /^user_ids/)
    }
    assert.deepEqual(await readAllRows(test), rows)
  })
})
