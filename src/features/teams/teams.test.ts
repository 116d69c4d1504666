import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, readAllRows, startTestApp, type TestApp } from '../../../test/app.ts'
import { addAccount, addUser } from '../../../test/factories.ts'

let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => test.close())

const create = (body: unknown, token = test.token) => test.api('/teams', { method: 'POST', body, token })
const patch = (id: number, body: unknown, token = test.token) =>
  test.api(`/teams/${id}`, { method: 'PATCH', body, token })
const members = (id: number, method = 'GET', user_ids?: unknown, token = test.token) =>
  test.api(`/teams/${id}/team_members`, { method, token, ...(user_ids ? { body: { user_ids } } : {}) })

describe('teams', () => {
  it('are made with defaults, and listed bare, by name', async () => {
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

  it('have names of their own, whatever the case', async () => {
    await create({ name: 'Équipe' })
    const { id } = (await create({ name: 'Spare' })).body
    const rows = await readAllRows(test)
    assertRefused(await create({ name: 'éQUIPE' }), 422, /^name is taken by another team$/)
    assertRefused(await patch(id, { name: 'équipe' }), 422, /^name is taken by another team$/)
    for (const name of ['', ' ', 'x'.repeat(101), 5, null]) {
      assertRefused(await create({ name }), 422, /^name must/)
      assertRefused(await patch(id, { name }), 422, /^name must/)
    }
    assert.deepEqual(await readAllRows(test), rows)
  })

  it('are gone once they are deleted, with their memberships', async () => {
    const { id } = (await create({ name: 'Short-lived' })).body
    await members(id, 'POST', [1])
    const answer = await test.api(`/teams/${id}`, { method: 'DELETE' })
    assert.deepEqual([answer.status, answer.body], [204, ''])
    assertRefused(await test.api(`/teams/${id}`), 404, /^team not found$/)
    assertRefused(await members(id), 404, /^team not found$/)
    assert.equal((await create({ name: 'Short-lived' })).status, 201)
  })

  it('are read by agents and written by administrators', async () => {
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

  it('are not seen by another account', async () => {
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
  it('are added and removed, and each time all are answered', async () => {
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

  it('are members of the account', async () => {
    const { id } = (await create({ name: 'Closed' })).body
    const other = await addAccount(test)
    const rows = await readAllRows(test)
    for (const stranger of [other.userId, 9999]) {
      const answer = await members(id, 'POST', [1, stranger])
      assertRefused(answer, 422, new RegExp(`^user_ids names no member of this account: ${stranger}$`))
    }
    for (const wrong of [[], ['1'], 1, [0], null]) {
      const answer = await test.api(`/teams/${id}/team_members`, {
        method: 'POST',
        body: { user_ids: wrong },
      })
      assertRefused(answer, 422, /^user_ids/)
    }
    assert.deepEqual(await readAllRows(test), rows)
  })
})
