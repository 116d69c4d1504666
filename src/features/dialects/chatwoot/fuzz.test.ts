import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { createResources } from '../../../../test/api-resources.ts'
import { startTestApp, type TestApp } from '../../../../test/app.ts'
import { type ChatwootCall, chatwootClient, collectRoutes } from '../../../../test/chatwoot-client.ts'
import { addUser } from '../../../../test/factories.ts'
import { createRandom, fuzzBody, fuzzId } from '../../../../test/fuzz-input.ts'
import { seed } from '../../../../test/random.ts'
import { basePath } from './base-path.ts'

const seconds = Number(process.env.TEST_FUZZ_SECONDS ?? 10)
const random = createRandom(seed)
const { routes, overrides } = collectRoutes()
let test: TestApp
let call: ChatwootCall
before(async () => {
  test = await startTestApp({}, overrides)
  call = chatwootClient(test)
})
after(() => test.close())

it(`The routes of Chatwoot survive random input (seed ${seed})`, async () => {
  const own = routes.filter(
    ({ url, method }) => url.startsWith(basePath) && method !== 'HEAD' && !url.endsWith('*'),
  )
  const end = performance.now() + seconds * 1000
  const statuses = new Set<number>()
  while (performance.now() < end) {
    const person = await addUser(test, { role: 'administrator' })
    const ids = { ...(await createResources(test, { accountId: 1, ...person })), account_id: 1 }
    for (const { url, method, schema } of own) {
      if (performance.now() > end && statuses.size > 3) break
      const path = url
        .replace(basePath, '')
        .replace(/:(\w+)/g, (_, name: string) => fuzzId(random, (ids as Record<string, number>)[name] ?? 1))
      const body = method === 'GET' ? undefined : fuzzBody(random, (schema?.body ?? {}) as never)
      const query = `?q=%00a&page=${fuzzId(random, 1)}&labels[]=%F0%9F&before=1e9&status=${fuzzId(random, 1)}`
      const response = await call([method].flat()[0]!, path + query, body, { token: person.token })
      const what = `${method} ${path}${query} ${JSON.stringify(body)?.slice(0, 300)} (TEST_SEED=${seed})`
      assert.ok(response.status < 500, `${what}: ${response.status} ${JSON.stringify(response.body)}`)
      statuses.add(response.status)
    }
  }
  for (const status of [200, 404, 422]) assert.ok(statuses.has(status), `no call returned ${status}`)
})
