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

const create = (body: unknown, token = test.token) => test.api('/labels', { method: 'POST', body, token })
const patch = (id: number, body: unknown, token = test.token) =>
  test.api(`/labels/${id}`, { method: 'PATCH', body, token })

describe('labels', () => {
  it('are created with defaults, returned one by one, and listed by title', async () => {
    const start = Math.floor(Date.now() / 1000)
    const { status, body } = await create({ title: 'vip' })
    assert.equal(status, 201)
    const { id, created_at, ...rest } = body
    assert.ok(created_at >= start && created_at <= Date.now() / 1000)
    assert.deepEqual(rest, { title: 'vip', description: null, color: '#1F93FF', show_on_sidebar: true })
    const other = await create({
      title: 'a-1_b',
      description: 'First',
      color: '#00ff7F',
      show_on_sidebar: false,
    })
    assert.deepEqual((await test.api(`/labels/${id}`)).body, body)
    assert.deepEqual((await test.api('/labels')).body, { payload: [other.body, body] })
  })

  it('are changed field by field', async () => {
    const { body } = await create({ title: 'draft', description: 'Old' })
    assert.deepEqual((await patch(body.id, {})).body, body)
    const { status, body: changed } = await patch(body.id, {
      title: 'final',
      description: null,
      show_on_sidebar: false,
    })
    assert.equal(status, 200)
    assert.deepEqual(changed, { ...body, title: 'final', description: null, show_on_sidebar: false })
    assert.equal((await patch(body.id, { title: 'final', color: '#000000' })).body.color, '#000000')
  })

  it('no longer exist after they are deleted, so their titles can be used again', async () => {
    const { id } = (await create({ title: 'short-lived' })).body
    const response = await test.api(`/labels/${id}`, { method: 'DELETE' })
    assert.deepEqual([response.status, response.body], [204, ''])
    assertRefused(await test.api(`/labels/${id}`), 404, /^label not found$/)
    assertRefused(await test.api(`/labels/${id}`, { method: 'DELETE' }), 404, /^label not found$/)
    const again = (await create({ title: 'short-lived' })).body
    assert.notEqual(again.id, id)
  })

  it('have unique titles in lowercase', async () => {
    const urgent = (await create({ title: 'urgent' })).body.id
    const { id } = (await create({ title: 'spare' })).body
    const rows = await readAllRows(test)
    const used = new RegExp(`^title is already used by label ${urgent}$`)
    assertRefused(await create({ title: 'urgent' }), 422, used)
    assertRefused(await patch(id, { title: 'urgent' }), 422, used)
    for (const title of ['', 'VIP', 'two words', 'é', 'a,b', 'x'.repeat(51), 5, null]) {
      assertRefused(await create({ title }), 422, /^title must/)
      assertRefused(await patch(id, { title }), 422, /^title must/)
    }
    assertRefused(await create({}), 422, /^title is required$/)
    for (const color of ['red', '#fff', '#GGGGGG', '#1234567']) {
      assertRefused(await create({ title: 'painted', color }), 422, /^color must be a color like #1F93FF$/)
    }
    assertRefused(await create({ title: 'painted', show_on_sidebar: 1 }), 422, /^show_on_sidebar must be/)
    assert.deepEqual(await readAllRows(test), rows)
  })

  it('can be read by agents, and changed only by administrators', async () => {
    const { id } = (await create({ title: 'guarded' })).body
    const agent = await addUser(test)
    const writer = await addUser(test, { role: 'administrator', scopes: ['write'] })
    const other = await addAccount(test)
    assert.equal((await test.api('/labels', { token: agent.token })).status, 200)
    assert.equal((await test.api(`/labels/${id}`, { token: agent.token })).status, 200)
    const rows = await readAllRows(test)
    for (const { token } of [agent, writer, other]) {
      assert.equal((await create({ title: 'forbidden' }, token)).status, 403)
      assert.equal((await patch(id, { title: 'forbidden' }, token)).status, 403)
      assert.equal((await test.api(`/labels/${id}`, { method: 'DELETE', token })).status, 403)
    }
    assert.deepEqual(await readAllRows(test), rows)
  })

  it('are invisible to another account, which may use the same titles', async () => {
    await create({ title: 'ours' })
    const other = await addAccount(test)
    const url = `//api/v1/accounts/${other.accountId}/labels`
    assert.deepEqual((await test.api(url, other)).body, { payload: [] })
    const theirs = await test.api(url, { method: 'POST', body: { title: 'ours' }, token: other.token })
    assert.deepEqual([theirs.status, theirs.body.id], [201, 1])
  })
})
