import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createResources, type ResourceIds } from '../api-resources.ts'
import { startTestApp, type TestApp } from '../app.ts'
import { addUser } from '../factories.ts'
import { createRandom, fuzzBody, fuzzHeaders, fuzzId, fuzzQuery } from '../fuzz-input.ts'
import { type Operation, operationsOf, sampleOf } from '../operations.ts'
import { seed } from '../random.ts'

/*
 * Sends random input to every call in the OpenAPI document. No response may be a server error, and each must have a
 * documented status and shape, which `test.api` checks. test/random.ts has the seed; TEST_FUZZ_SECONDS sets the duration.
 */

const seconds = Number(process.env.TEST_FUZZ_SECONDS ?? 15)
const random = createRandom(seed)

let test: TestApp
let token: string
before(async () => {
  test = await startTestApp()
})
after(() => test.close())

/** Switches to a new administrator, because a call may have ended the access of the last one. */
async function changeAdministrator() {
  const person = await addUser(test, { role: 'administrator' })
  token = person.token
  return { ...person, accountId: 1 }
}

async function attack(operation: Operation, ids: ResourceIds): Promise<number> {
  const { method, path, query, body: schema } = operation
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => fuzzId(random, ids[name]!))
  const required = query.filter(({ required }) => required && random() < 0.7)
  const start = required.map(({ name, schema }) => `${name}=${encodeURIComponent(String(sampleOf(schema)))}`)
  const url = `/${filled}${[fuzzQuery(random, query), ...start].join('&').replace(/^(?!\?)(?=.)/, '?')}`
  const body = schema ? fuzzBody(random, schema) : undefined
  const headers = { accept: 'application/json', ...fuzzHeaders(random) }
  const request = { method, token, headers, ...(body === undefined ? {} : { body }) }
  const description = `${method} ${url} ${JSON.stringify(body)?.slice(0, 300)} (TEST_SEED=${seed})`
  const response = await test.api(url, request).catch((error) => {
    throw new Error(`${description}: ${error.message}`, { cause: error })
  })
  assert.ok(response.status < 500, `${description}: ${response.status} ${JSON.stringify(response.body)}`)
  if (response.status === 401 && !path.startsWith('/auth/')) await changeAdministrator()
  return response.status
}

describe('Every call', () => {
  it(`survives random input (seed ${seed})`, async (context) => {
    const operations = operationsOf(test)
    const end = performance.now() + seconds * 1000
    const statuses = new Map<number, number>()
    let rounds = 0
    while (performance.now() < end) {
      const ids: ResourceIds = {
        ...(await createResources(test, await changeAdministrator())),
        account_id: 1,
      }
      for (const operation of operations) {
        for (let i = 0; i < 3; i++) {
          const status = await attack(operation, ids)
          statuses.set(status, (statuses.get(status) ?? 0) + 1)
        }
        if (performance.now() > end && rounds > 0) break
      }
      rounds += 1
    }
    const calls = [...statuses.values()].reduce((sum, count) => sum + count, 0)
    const counts = [...statuses].sort().map(([status, count]) => `${status}: ${count}`)
    context.diagnostic(`${calls} calls, ${counts.join(', ')}`)
    // If no call succeeded, the input would test only the validation.
    for (const status of [200, 201, 404, 422]) assert.ok(statuses.has(status), `no call returned ${status}`)
    assert.equal((await test.api('//health')).status, 200)
  })
})
