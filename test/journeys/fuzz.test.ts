import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createResources, type ResourceIds } from '../api-resources.ts'
import { startTestApp, type TestApp } from '../app.ts'
import { addUser } from '../factories.ts'
import { createRandom, fuzzBody, fuzzHeaders, fuzzId, fuzzQuery } from '../fuzz-input.ts'
import { type Operation, operationsOf, sampleOf } from '../operations.ts'
import { seed } from '../random.ts'

/*
 * Every call that the OpenAPI document describes, with what no client should send: never our fault, and always the
 * status and shape that are documented (`test.api` sees to that). test/random.ts has the seed; TEST_FUZZ_SECONDS makes
 * it longer.
 */

const seconds = Number(process.env.TEST_FUZZ_SECONDS ?? 15)
const random = createRandom(seed)

let test: TestApp
let token: string
before(async () => {
  test = await startTestApp()
})
after(() => test.close())

/** A call may end the access of whoever makes it. */
async function anotherAdministrator() {
  const person = await addUser(test, { role: 'administrator' })
  token = person.token
  return { ...person, accountId: 1 }
}

async function attack(operation: Operation, real: ResourceIds): Promise<number> {
  const { method, path, query, body: schema } = operation
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => fuzzId(random, real[name]!))
  const required = query.filter(({ required }) => required && random() < 0.7)
  const start = required.map(({ name, schema }) => `${name}=${encodeURIComponent(String(sampleOf(schema)))}`)
  const url = `/${filled}${[fuzzQuery(random, query), ...start].join('&').replace(/^(?!\?)(?=.)/, '?')}`
  const body = schema ? fuzzBody(random, schema) : undefined
  const headers = { accept: 'application/json', ...fuzzHeaders(random) }
  const request = { method, token, headers, ...(body === undefined ? {} : { body }) }
  const told = `${method} ${url} ${JSON.stringify(body)?.slice(0, 300)} (TEST_SEED=${seed})`
  const answer = await test.api(url, request).catch((error) => {
    throw new Error(`${told}: ${error.message}`, { cause: error })
  })
  assert.ok(answer.status < 500, `${told}: ${answer.status} ${JSON.stringify(answer.body)}`)
  if (answer.status === 401 && !path.startsWith('/auth/')) await anotherAdministrator()
  return answer.status
}

describe('every call', () => {
  it(`survives what no client should send (seed ${seed})`, async (context) => {
    const operations = operationsOf(test)
    const end = performance.now() + seconds * 1000
    const statuses = new Map<number, number>()
    let rounds = 0
    while (performance.now() < end) {
      const real: ResourceIds = {
        ...(await createResources(test, await anotherAdministrator())),
        account_id: 1,
      }
      for (const operation of operations) {
        for (let i = 0; i < 3; i++) {
          const status = await attack(operation, real)
          statuses.set(status, (statuses.get(status) ?? 0) + 1)
        }
        if (performance.now() > end && rounds > 0) break
      }
      rounds += 1
    }
    const calls = [...statuses.values()].reduce((sum, count) => sum + count, 0)
    const counts = [...statuses].sort().map(([status, count]) => `${status}: ${count}`)
    context.diagnostic(`${calls} calls, ${counts.join(', ')}`)
    // Refused by chance alone, nothing would have been tried.
    for (const status of [200, 201, 404, 422])
      assert.ok(statuses.has(status), `no call was answered ${status}`)
    assert.equal((await test.api('//health')).status, 200)
  })
})
