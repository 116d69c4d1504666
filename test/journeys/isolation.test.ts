import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createToken } from '../../src/features/users/tokens.ts'
import type { Scope } from '../../src/lib/actor.ts'
import { createResources, inboxParameters, type ResourceIds, resourceFields } from '../api-resources.ts'
import { type ApiResponse, readAllRows, startTestApp, type TestApp } from '../app.ts'
import { eventually } from '../eventually.ts'
import { addAccount, addUser } from '../factories.ts'
import { formOf } from '../files.ts'
import { type MailServer, startMailServer } from '../mail-server.ts'
import { type Operation, operationsOf, pathOf, sampleBody } from '../operations.ts'

/*
 * Tests every call in the OpenAPI document, so that a new one is tested automatically.
 */

let test: TestApp
// Transcripts are sent to it.
let mails: MailServer
let ours: { accountId: number; token: string; userId: number }
let theirs: typeof ours
let outsider: { token: string }
let readToken: string
let writeToken: string
let operations: Operation[]

before(async () => {
  mails = await startMailServer()
  test = await startTestApp({ SMTP_URL: mails.url })
  ours = await addAccount(test)
  theirs = await addAccount(test)
  outsider = await addUser(test, { accountId: ours.accountId })
  await createResources(test, ours)
  // Ids count within the account. From here on, no id exists in both accounts.
  await test.app.database.transaction(null, (tx) =>
    tx.sql
      .updateTable('counters')
      .set(({ eb }) => ({ value: eb('value', '+', 1000) }))
      .where('account_id', '=', ours.accountId)
      .where('name', '!=', 'events')
      .execute(),
  )
  const tokenWith = (scope: Scope) =>
    test.app.database.transaction(null, (tx) =>
      createToken(tx, ours.accountId, ours.userId, { name: scope, scopes: [scope] }),
    )
  readToken = await tokenWith('read')
  writeToken = await tokenWith('write')
  operations = operationsOf(test).filter(({ path }) => path.includes('{account_id}'))
})
after(async () => {
  await test.close()
  mails.close()
})

const nameOf = ({ method, path }: Operation) => `${method} ${path}`

function call(
  operation: Operation,
  ids: ResourceIds,
  { token, body = {} }: { token: string | null; body?: object },
): Promise<ApiResponse> {
  const { method, body: schema } = operation
  // It takes only a form.
  const form = method === 'POST' && operation.path.endsWith('/contact_imports')
  const file = { bytes: 'name,email\n', name: 'contacts.csv' }
  const sent = form
    ? { body: formOf({}, [file]) }
    : schema && { body: { ...bodyFor(operation, ids), ...body } }
  const headers = { accept: 'application/json' }
  return test.api(pathOf(operation, ids), { method, token, headers, ...sent })
}

/** Returns a valid body that refers to existing resources. */
function bodyFor({ body, path }: Operation, ids: ResourceIds): Record<string, unknown> {
  const sample = sampleBody(body ?? {})
  for (const [field, value] of Object.entries(sample)) {
    const name = resourceFields[field]
    if (name) sample[field] = Array.isArray(value) ? [ids[name]] : ids[name]
  }
  // Labels must exist.
  if ('labels' in sample) sample.labels = []
  // Not required if there is a `source_id`.
  if (path.endsWith('/conversations')) sample.contact_id = ids.contact_id
  if (path.endsWith('/bulk_actions')) sample.conversation_ids = [ids.conversation_id]
  // It must be in the future.
  if ('send_at' in sample) sample.send_at = Math.floor(Date.now() / 1000) + 1_000_000
  if ('actions' in sample) sample.actions = [{ action_name: 'mute_conversation', action_params: [] }]
  // Others must not get it.
  if (path.endsWith('/transcript')) sample.email = ids.agent_email
  // A contact cannot be merged with itself.
  if ('mergee_contact_id' in sample) sample.mergee_contact_id = ids.other_contact_id
  if ('mergee_conversation_id' in sample) sample.mergee_conversation_id = ids.other_conversation_id
  // A message must be left.
  if (path.endsWith('/split')) return { message_id: ids.other_message_id }
  return sample
}

/** Creates one resource of each kind in an account, and a second contact and conversation. */
async function createIds(account: typeof ours): Promise<ResourceIds> {
  const { accountId: account_id, token } = account
  const ids = await createResources(test, account)
  const path = `//api/v1/accounts/${account_id}/contacts`
  const other = await test.api(path, { method: 'POST', body: { name: 'Another' }, token })
  const agents = (await test.api(`//api/v1/accounts/${account_id}/agents`, { token })).body
  const add = async (path: string, body: object) =>
    (await test.api(`//api/v1/accounts/${account_id}${path}`, { method: 'POST', body, token })).body.id
  const { inbox_id, contact_id } = ids
  const others = {
    other_contact_id: other.body.id,
    other_conversation_id: await add('/conversations', { inbox_id, contact_id }),
  }
  return { ...ids, ...others, account_id, agent_email: agents[0].email }
}

/** Returns all rows of our account, once nothing runs in the background. */
async function ourRows() {
  for (const table of ['bulk_actions', 'contact_imports'] as const) {
    const running = test.app.database.read.sql.selectFrom(table).where('finished_at', 'is', null)
    await eventually(async () => (await running.select('id').execute()).length === 0)
  }
  const rows = Object.entries(await readAllRows(test)).map(([table, rows]) => [
    table,
    rows.filter((row) => (row as { account_id?: number }).account_id === ours.accountId),
  ])
  return Object.fromEntries(rows)
}

describe('Every call of an account', () => {
  it('has a path whose parameters this test knows', async () => {
    assert.ok(operations.length >= 15, `${operations.length} calls`)
    const ids = await createIds(ours)
    for (const operation of operations) pathOf(operation, ids)
  })

  it('is allowed for an administrator of the account', async () => {
    let ids = await createIds(ours)
    for (const operation of operations) {
      const attempt = () => call(operation, ids, { token: ours.token })
      let response = await attempt()
      // An earlier call may have deleted what it needs.
      if (response.status >= 400) {
        ids = await createIds(ours)
        response = await attempt()
      }
      const { status, body } = response
      const sentence = `${nameOf(operation)}: ${status} ${JSON.stringify(body).slice(0, 300)}`
      assert.ok(status >= 200 && status < 300, sentence)
    }
  })

  it('returns 401 without a token', async () => {
    const ids = await createIds(ours)
    const before = await ourRows()
    for (const operation of operations) {
      for (const token of [null, 'nonsense']) {
        assert.equal((await call(operation, ids, { token })).status, 401, nameOf(operation))
      }
    }
    assert.deepEqual(await ourRows(), before)
  })

  it('returns 403 with a token of another account', async () => {
    const ids = await createIds(ours)
    const before = await ourRows()
    for (const operation of operations) {
      assert.equal((await call(operation, ids, { token: theirs.token })).status, 403, nameOf(operation))
    }
    assert.deepEqual(await ourRows(), before)
  })

  it('returns 404 if its path names a resource of another account', async () => {
    const ids = await createIds(ours)
    const theirIds = await createIds(theirs)
    const before = await ourRows()
    for (const operation of operations) {
      for (const parameter of operation.parameters) {
        const mixed = { ...theirIds, [parameter]: ids[parameter]! }
        const { status } = await call(operation, mixed, { token: theirs.token })
        assert.equal(status, 404, `${nameOf(operation)} with ${parameter} of another account`)
      }
    }
    assert.deepEqual(await ourRows(), before)
  })

  it('is refused if its body names a resource of another account', async () => {
    const ids = await createIds(ours)
    const theirIds = await createIds(theirs)
    const before = await ourRows()
    let count = 0
    for (const operation of operations) {
      const properties = Object.entries(operation.body?.properties ?? {})
      const isId = ({ type }: { type?: unknown } = {}) => [type].flat().includes('integer')
      const naming = properties.filter(([, schema]) => isId(schema) || isId(schema.items))
      for (const [field, { type }] of naming.filter(([name]) => /_ids?$/.test(name))) {
        assert.ok(
          resourceFields[field],
          `${field} in the body of ${nameOf(operation)} is unknown: add it to test/api-resources.ts`,
        )
        const id = ids[resourceFields[field]!]
        const body = { [field]: type === 'array' ? [id] : id }
        const { status } = await call(operation, theirIds, { token: theirs.token, body })
        // Users who are not members are ignored when they are removed.
        const isIgnored = type === 'array' && operation.method === 'DELETE' && status === 200
        assert.ok(
          isIgnored || [404, 409, 422].includes(status),
          `${nameOf(operation)} with ${field} of another account: ${status}`,
        )
        count += 1
      }
    }
    assert.ok(count > 4)
    assert.deepEqual(await ourRows(), before)
  })

  it('returns 404 to an agent who is not a member of the inbox', async () => {
    const ids = await createIds(ours)
    const before = await ourRows()
    for (const operation of operations) {
      if (!operation.parameters.some((name) => inboxParameters.includes(name))) continue
      const { status } = await call(operation, ids, { token: outsider.token })
      assert.equal(status, operation.isForAdministrators ? 403 : 404, nameOf(operation))
    }
    assert.deepEqual(await ourRows(), before)
  })

  it('returns 403 with a token that may only read, if it changes something', async () => {
    const ids = await createIds(ours)
    const before = await ourRows()
    for (const operation of operations) {
      const { status, body } = await call(operation, ids, { token: readToken })
      const isRead =
        (operation.method === 'GET' || operation.path.endsWith('/filter')) && !operation.isForAdministrators
      assert.equal(status === 403, !isRead, `${nameOf(operation)}: ${status}`)
      if (!isRead) assert.equal(body.code, 'missing_scope')
    }
    assert.deepEqual(await ourRows(), before)
  })

  it('returns 403 with a token that may not administrate, if it is for administrators', async () => {
    const ids = await createIds(ours)
    const before = await ourRows()
    for (const operation of operations.filter((one) => one.isForAdministrators)) {
      const { status } = await call(operation, ids, { token: writeToken })
      assert.equal(status, 403, nameOf(operation))
    }
    assert.deepEqual(await ourRows(), before)
  })

  it('returns 403 to an agent, if it is for administrators', async () => {
    const ids = await createIds(ours)
    const before = await ourRows()
    const administrators = operations.filter(({ isForAdministrators }) => isForAdministrators)
    assert.ok(administrators.length >= 5)
    for (const operation of administrators) {
      assert.equal((await call(operation, ids, { token: outsider.token })).status, 403, nameOf(operation))
    }
    assert.deepEqual(await ourRows(), before)
  })
})

describe('Every other call', () => {
  // For people without a token, and for providers with a secret of their own.
  const open = /^\/(?:auth\/|public\/|channels\/|widget|health$|metrics$|api$)/

  it('requires a token, unless its path is public', async () => {
    const ids = { ...(await createIds(ours)), access_token_id: 1 }
    const others = operationsOf(test).filter(({ path }) => !path.includes('{account_id}') && !open.test(path))
    assert.ok(others.length >= 5)
    for (const operation of others) {
      assert.equal((await call(operation, ids, { token: null })).status, 401, nameOf(operation))
      if (operation.method === 'GET') continue
      assert.equal((await call(operation, ids, { token: readToken })).status, 403, nameOf(operation))
    }
  })

  it('returns 404 if its path names a resource of another user', async () => {
    const ids = await createIds(ours)
    const others = operationsOf(test).filter(({ path }) => !path.includes('{account_id}') && !open.test(path))
    for (const operation of others.filter(({ parameters }) => parameters.length > 0)) {
      assert.equal((await call(operation, ids, { token: theirs.token })).status, 404, nameOf(operation))
    }
  })
})
