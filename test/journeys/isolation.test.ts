import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createToken } from '../../src/features/users/service.ts'
import { createResources, inboxParameters, type ResourceIds, resourceFields } from '../api-resources.ts'
import { type ApiResponse, readAllRows, startTestApp, type TestApp } from '../app.ts'
import { addAccount, addUser } from '../factories.ts'
import { type Operation, operationsOf, pathOf, sampleBody } from '../operations.ts'

/*
 * Every call with an account in its path, as the OpenAPI document lists them: a new one is tested without anybody
 * remembering it.
 */

let test: TestApp
let ours: { accountId: number; token: string; userId: number }
let theirs: typeof ours
let outsider: { token: string }
let reader: string
let all: Operation[]

before(async () => {
  test = await startTestApp()
  ours = await addAccount(test)
  theirs = await addAccount(test)
  outsider = await addUser(test, { accountId: ours.accountId })
  await createResources(test, ours)
  // From here on no id of ours is one of theirs, too: ids count within the account.
  await test.app.database.transaction(null, (tx) =>
    tx.sql
      .updateTable('counters')
      .set(({ eb }) => ({ value: eb('value', '+', 1000) }))
      .where('account_id', '=', ours.accountId)
      .where('name', '!=', 'events')
      .execute(),
  )
  reader = await test.app.database.transaction(null, (tx) =>
    createToken(tx, ours.accountId, ours.userId, { name: 'reader', scopes: ['read'] }),
  )
  all = operationsOf(test).filter(({ path }) => path.includes('{account_id}'))
})
after(() => test.close())

const nameOf = ({ method, path }: Operation) => `${method} ${path}`

function call(
  operation: Operation,
  ids: ResourceIds,
  { token, body = {} }: { token: string | null; body?: object },
): Promise<ApiResponse> {
  const { method, body: schema } = operation
  const sent = schema && { body: { ...bodyFor(operation, ids), ...body } }
  const headers = { accept: 'application/json' }
  return test.api(pathOf(operation, ids), { method, token, headers, ...sent })
}

/** A body that is right, naming what is there. */
function bodyFor({ body }: Operation, ids: ResourceIds): Record<string, unknown> {
  const sample = sampleBody(body ?? {})
  for (const [field, value] of Object.entries(sample)) {
    const name = resourceFields[field]
    if (name) sample[field] = Array.isArray(value) ? [ids[name]] : ids[name]
  }
  // Any other must be there.
  if ('labels' in sample) sample.labels = []
  // Two contacts that are merged must not be one.
  if ('mergee_contact_id' in sample) sample.mergee_contact_id = ids.other_contact_id
  return sample
}

async function resourcesOf(account: typeof ours): Promise<ResourceIds> {
  const other = await createResources(test, account)
  const ids = await createResources(test, account)
  return { ...ids, account_id: account.accountId, other_contact_id: other.contact_id! }
}

/** What is written in the background, a moment later. */
const later = /^(?:search_|webhook_)/

/** All rows of our account. */
async function ourRows() {
  const now = Object.entries(await readAllRows(test)).filter(([table]) => !later.test(table))
  const rows = now.map(([table, rows]) => [
    table,
    rows.filter((row) => (row as { account_id?: number }).account_id === ours.accountId),
  ])
  return Object.fromEntries(rows)
}

describe('every call of an account', () => {
  it('is known here: there are some, and each path parameter can be filled', async () => {
    assert.ok(all.length >= 15, `${all.length} calls`)
    const ids = await resourcesOf(ours)
    for (const operation of all) pathOf(operation, ids)
  })

  it('is open to an administrator of it: else what follows would prove nothing', async () => {
    for (const operation of all) {
      const { status, body } = await call(operation, await resourcesOf(ours), { token: ours.token })
      const sentence = `${nameOf(operation)}: ${status} ${JSON.stringify(body).slice(0, 300)}`
      assert.ok(status >= 200 && status < 300, sentence)
    }
  })

  it('is 401 without a token', async () => {
    const ids = await resourcesOf(ours)
    const before = await ourRows()
    for (const operation of all) {
      for (const token of [null, 'nonsense']) {
        assert.equal((await call(operation, ids, { token })).status, 401, nameOf(operation))
      }
    }
    assert.deepEqual(await ourRows(), before)
  })

  it('is 403 with a token of another account', async () => {
    const ids = await resourcesOf(ours)
    const before = await ourRows()
    for (const operation of all) {
      assert.equal((await call(operation, ids, { token: theirs.token })).status, 403, nameOf(operation))
    }
    assert.deepEqual(await ourRows(), before)
  })

  it('is 404 where its path names something of another account', async () => {
    const ids = await resourcesOf(ours)
    const mine = await resourcesOf(theirs)
    const before = await ourRows()
    for (const operation of all) {
      for (const parameter of operation.parameters) {
        const mixed = { ...mine, [parameter]: ids[parameter]! }
        const { status } = await call(operation, mixed, { token: theirs.token })
        assert.equal(status, 404, `${nameOf(operation)} with ${parameter} of another account`)
      }
    }
    assert.deepEqual(await ourRows(), before)
  })

  it('is refused where its body names something of another account', async () => {
    const ids = await resourcesOf(ours)
    const before = await ourRows()
    let tried = 0
    for (const operation of all) {
      const properties = Object.entries(operation.body?.properties ?? {})
      const naming = properties.filter(([, { type }]) => [type].flat().includes('integer'))
      for (const [field] of naming.filter(([name]) => /_ids?$/.test(name))) {
        assert.ok(
          resourceFields[field],
          `${field} in the body of ${nameOf(operation)} is unknown: add it to test/api-resources.ts`,
        )
        const body = { [field]: ids[resourceFields[field]!] }
        const { status } = await call(operation, await resourcesOf(theirs), { token: theirs.token, body })
        assert.ok(
          [404, 422].includes(status),
          `${nameOf(operation)} with ${field} of another account: ${status}`,
        )
        tried += 1
      }
    }
    assert.ok(tried > 4)
    assert.deepEqual(await ourRows(), before)
  })

  it('is 404 for an agent outside the inbox of what its path names', async () => {
    const ids = await resourcesOf(ours)
    const before = await ourRows()
    for (const operation of all) {
      if (!operation.parameters.some((name) => inboxParameters.includes(name))) continue
      const { status } = await call(operation, ids, { token: outsider.token })
      assert.equal(status, operation.isForAdministrators ? 403 : 404, nameOf(operation))
    }
    assert.deepEqual(await ourRows(), before)
  })

  it('that changes something is 403 with a token that may only read', async () => {
    const ids = await resourcesOf(ours)
    const before = await ourRows()
    for (const operation of all) {
      const { status } = await call(operation, ids, { token: reader })
      const isRead = operation.method === 'GET' && !operation.isForAdministrators
      assert.equal(status === 403, !isRead, `${nameOf(operation)}: ${status}`)
    }
    assert.deepEqual(await ourRows(), before)
  })

  it('for administrators is 403 for an agent', async () => {
    const ids = await resourcesOf(ours)
    const before = await ourRows()
    const administrators = all.filter(({ isForAdministrators }) => isForAdministrators)
    assert.ok(administrators.length >= 5)
    for (const operation of administrators) {
      assert.equal((await call(operation, ids, { token: outsider.token })).status, 403, nameOf(operation))
    }
    assert.deepEqual(await ourRows(), before)
  })
})

describe('every other call', () => {
  // They are for who has no token yet, or is nobody's.
  const open = /^\/(?:auth\/|public\/|widget|health$|metrics$)/

  it('needs a token unless its path says that it is open', async () => {
    const ids = { ...(await resourcesOf(ours)), access_token_id: 1 }
    const others = operationsOf(test).filter(({ path }) => !path.includes('{account_id}') && !open.test(path))
    assert.ok(others.length >= 5)
    for (const operation of others) {
      assert.equal((await call(operation, ids, { token: null })).status, 401, nameOf(operation))
      if (operation.method === 'GET') continue
      assert.equal((await call(operation, ids, { token: reader })).status, 403, nameOf(operation))
    }
  })

  it('is 404 where its path names something of another user', async () => {
    const ids = await resourcesOf(ours)
    const others = operationsOf(test).filter(({ path }) => !path.includes('{account_id}') && !open.test(path))
    for (const operation of others.filter(({ parameters }) => parameters.length > 0)) {
      assert.equal((await call(operation, ids, { token: theirs.token })).status, 404, nameOf(operation))
    }
  })
})
