import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { RouteOptions } from 'fastify'
import { createResources, type ResourceIds } from '../../../../test/api-resources.ts'
import { readAllRows, startTestApp, type TestApp } from '../../../../test/app.ts'
import {
  account,
  type ChatwootCall,
  chatwootClient,
  collectRoutes,
  startChatwootConversation,
  succeeded,
} from '../../../../test/chatwoot-client.ts'
import { eventually } from '../../../../test/eventually.ts'
import { addAccount, addUser, cookieOf } from '../../../../test/factories.ts'
import { botRoutes } from '../../bots/access.ts'
import { basePath } from './base-path.ts'

const accountPath = '/api/v1/accounts/:account_id'

describe('The routes of Chatwoot', () => {
  const { routes, overrides } = collectRoutes()
  let test: TestApp
  let call: ChatwootCall
  before(async () => {
    test = await startTestApp({}, overrides)
    call = chatwootClient(test)
  })
  after(() => test.close())

  const methodsOf = ({ method }: RouteOptions) => [method].flat()
  const ofChatwoot = () => routes.filter(({ url }) => url.startsWith(basePath))
  const inAccounts = () => ofChatwoot().filter(({ url }) => url.startsWith(basePath + accountPath))
  const pathOf = (url: string, ids: ResourceIds) =>
    url.replace(basePath, '').replace(/:(\w+)/g, (_, name: string) => String(ids[name] ?? 1))
  /** A body with an id of everything that exists in the account. */
  const bodyOf = (ids: ResourceIds) => ({
    ...ids,
    name: 'A name',
    content: 'Content',
    title: 'title',
    email: 'somebody@example.com',
    url: 'https://example.com',
    labels: ['alabel'],
    assignee_id: ids.agent_id,
    user_ids: [ids.agent_id],
    agent_bot: ids.agent_bot_id,
    base_contact_id: ids.contact_id,
    mergee_contact_id: ids.contact_id,
    payload: [{ attribute_key: 'name', filter_operator: 'is_present', values: [] }],
    channel: { type: 'api' },
    short_code: 'code',
    role: 'agent',
    status: 'resolved',
  })

  /** Creates one resource of each kind, and waits until no work in the background changes them. */
  async function createFinished(): Promise<ResourceIds> {
    const ids = await createResources(test, { accountId: 1, token: test.token, userId: 1 })
    const running = test.app.database.read.sql.selectFrom('bulk_actions').where('finished_at', 'is', null)
    await eventually(async () => (await running.select('id').execute()).length === 0)
    return ids
  }

  it('are all outside of the OpenAPI document', () => {
    const document = JSON.stringify(test.app.server.swagger())
    assert.ok(ofChatwoot().length > 100)
    assert.ok(!document.includes(basePath))
  })

  it('require the role that the same routes of the main API require', () => {
    const administrative = (route: RouteOptions) => route.config?.administrator === true
    const own = new Map(
      routes
        .filter(({ url }) => !url.startsWith(basePath))
        .flatMap((route) => methodsOf(route).map((method) => [`${method} ${route.url}`, route] as const)),
    )
    const compared = inAccounts().flatMap((route) =>
      methodsOf(route).flatMap((method) => {
        const same = own.get(`${method} ${route.url.replace(basePath, '')}`)
        return same
          ? [{ name: `${method} ${route.url}`, is: administrative(route), of: administrative(same) }]
          : []
      }),
    )
    assert.ok(compared.length > 60, String(compared.length))
    assert.deepEqual(
      compared.filter(({ is, of }) => is !== of).map(({ name }) => name),
      [],
    )
  })

  it('refuse everybody without a token, and the tokens of other accounts', async () => {
    const other = await addAccount(test)
    const ids = await createFinished()
    const before = await readAllRows(test)
    for (const route of inAccounts())
      for (const method of methodsOf(route).filter((one) => one !== 'HEAD')) {
        const path = pathOf(route.url, { ...ids, account_id: 1 })
        const body = method === 'GET' ? undefined : bodyOf(ids)
        for (const token of [null, other.token]) {
          const { status } = await call(method, path, body, { token })
          assert.equal(status, 401, `${method} ${path}`)
        }
      }
    assert.deepEqual(await readAllRows(test), before)
  })

  it('find nothing of another account in the own one', async () => {
    const other = await addAccount(test)
    const foreign = await createFinished()
    const ids = Object.fromEntries(Object.entries(foreign).map(([name, id]) => [name, id]))
    const before = await readAllRows(test)
    const secrets = JSON.stringify([foreign.inbox_identifier, foreign.source_id])
    for (const route of inAccounts().filter(({ url }) => /:(?!account_id)\w+_id/.test(url)))
      for (const method of methodsOf(route).filter((one) => one !== 'HEAD')) {
        const path = pathOf(route.url, { ...ids, account_id: other.accountId })
        const body = method === 'GET' ? undefined : bodyOf(ids)
        const { status, body: response } = await call(method, path, body, { token: other.token })
        assert.ok([404, 422].includes(status), `${method} ${path}: ${status} ${JSON.stringify(response)}`)
        for (const secret of JSON.parse(secrets)) assert.ok(!JSON.stringify(response).includes(secret))
      }
    // Labels that do not exist are created, but not if the conversation does not exist.
    assert.deepEqual(await readAllRows(test), before)
  })

  it('open for a bot what it may do in the main API, and nothing else', async () => {
    const bot = await succeeded(call('POST', `${account}/agent_bots`, { name: 'Ada' }))
    const { id: inboxId } = await succeeded(
      call('POST', `${account}/inboxes`, { name: 'With a bot', channel: { type: 'api' } }),
    )
    await succeeded(call('POST', `${account}/inboxes/${inboxId}/set_agent_bot`, { agent_bot: bot.id }))
    assert.equal(
      (await succeeded(call('GET', `${account}/inboxes/${inboxId}/agent_bot`))).agent_bot.id,
      bot.id,
    )
    const { contact } = (
      await succeeded(call('POST', `${account}/contacts`, { name: 'Jane', inbox_id: inboxId }))
    ).payload
    const place = { inbox_id: inboxId, contact_id: contact.id }
    const by = { token: bot.access_token }
    const conversation = await succeeded(call('POST', `${account}/conversations`, place, by))
    assert.equal(conversation.status, 'pending')
    assert.deepEqual([conversation.meta.assignee_type, conversation.meta.assignee.name], ['AgentBot', 'Ada'])
    const path = `${account}/conversations/${conversation.id}`
    const sent = await succeeded(call('POST', `${path}/messages`, { content: 'I am a bot' }, by))
    assert.deepEqual([sent.message_type, sent.sender.type, sent.sender.name], [1, 'agent_bot', 'Ada'])
    const open = await succeeded(call('POST', `${path}/toggle_status`, { status: 'open' }, by))
    assert.equal(open.payload.current_status, 'open')
    await succeeded(call('POST', `${path}/labels`, { labels: ['handed-over'] }, by))
    // It does not write as the contact, whatever the type is called.
    for (const message_type of ['incoming', 0])
      assert.equal((await call('POST', `${path}/messages`, { content: 'Hi', message_type }, by)).status, 422)
    const { path: elsewhere } = await startChatwootConversation(call)
    assert.equal((await call('GET', elsewhere, undefined, by)).status, 404)
    const ids = { account_id: 1, conversation_id: conversation.id, inbox_id: inboxId, contact_id: contact.id }
    for (const route of inAccounts())
      for (const method of methodsOf(route)) {
        const alias = new Map([
          ['HEAD', 'GET'],
          ['PUT', 'PATCH'],
        ]).get(method)
        const main = `${alias ?? method} ${route.url.replace(basePath, '')}`
        if (botRoutes.includes(main)) continue
        const body = ['GET', 'HEAD'].includes(method) ? undefined : bodyOf(ids)
        const { status } = await call(method, pathOf(route.url, ids), body, by)
        assert.equal(status, 401, main)
      }
  })

  it('hide what is in inboxes that an agent does not see', async () => {
    const { path } = await startChatwootConversation(call)
    const { token } = await addUser(test)
    assert.equal((await call('GET', `${path}/messages`, undefined, { token })).status, 404)
    const { data } = await succeeded(call('GET', `${account}/conversations`, undefined, { token }))
    assert.deepEqual([data.payload, data.meta.all_count], [[], 0])
    const filter = { payload: [{ attribute_key: 'status', filter_operator: 'equal_to', values: ['all'] }] }
    const found = await succeeded(call('POST', `${account}/conversations/filter`, filter, { token }))
    assert.deepEqual(found.payload, [])
  })

  it('record when a token was used, and count for its limit', async () => {
    const { userId, token } = await addUser(test, { inboxes: [1] })
    await succeeded(call('GET', `${account}/conversations`, undefined, { token }))
    const isUsed = async () => {
      const { payload } = (await test.api('/access_tokens')).body
      const own = payload.find((one: { user_id: number }) => one.user_id === userId)
      return own.last_used_at !== null
    }
    await eventually(isUsed)
  })

  it('do not accept the cookie of the dashboard', async () => {
    const headers = { cookie: await cookieOf(test, 1) }
    const { status } = await call('GET', `${account}/agents`, undefined, { token: null, headers })
    assert.equal(status, 401)
  })
})

describe('The limit of requests', () => {
  it('is one for both APIs', async () => {
    const test = await startTestApp({ NDOTO_RATE_LIMIT: '5' })
    const call = chatwootClient(test)
    for (let i = 0; i < 3; i++) await succeeded(call('GET', `${account}/labels`))
    for (let i = 0; i < 2; i++) assert.equal((await test.api('/labels')).status, 200)
    const { status, body } = await call('GET', `${account}/labels`)
    assert.deepEqual([status, Object.keys(body)], [429, ['error']])
    await test.close()
  })
})

describe('A session', () => {
  let test: TestApp
  let call: ChatwootCall
  before(async () => {
    test = await startTestApp({ NDOTO_ADMIN_PASSWORD: 'a long enough secret' })
    call = chatwootClient(test)
  })
  after(() => test.close())
  const email = 'admin@example.com'
  const signIn = async () => {
    const credentials = { email, password: 'a long enough secret' }
    const response = await call('POST', '/auth/sign_in', credentials, { token: null })
    assert.equal(response.status, 200, JSON.stringify(response.body))
    const names = ['access-token', 'client', 'uid']
    const headers = Object.fromEntries(names.map((name) => [name, response.headers.get(name)!]))
    return { headers, data: response.body.data, all: response.headers }
  }

  it('comes in headers, and opens the API with them', async () => {
    const { headers, data, all } = await signIn()
    assert.deepEqual([all.get('token-type'), headers.uid, data.email], ['Bearer', email, email])
    assert.ok(Number(all.get('expiry')) > Date.now() / 1000)
    assert.equal(all.get('set-cookie'), null)
    const by = { token: null, headers }
    await succeeded(call('GET', `${account}/agents`, undefined, by))
    await succeeded(call('POST', `${account}/labels`, { title: 'signed-in' }, by))
    const { payload } = await succeeded(call('GET', '/auth/validate_token', undefined, by))
    assert.deepEqual([payload.success, payload.data.email], [true, email])
    await succeeded(call('GET', `${account}/labels`, undefined, { token: data.access_token }))
  })

  it('ends when the user signs out, and its token with it', async () => {
    const { headers, data } = await signIn()
    const by = { token: null, headers }
    assert.deepEqual(await succeeded(call('DELETE', '/auth/sign_out', undefined, by)), { success: true })
    assert.equal((await call('GET', `${account}/agents`, undefined, by)).status, 401)
    assert.equal(
      (await call('GET', `${account}/agents`, undefined, { token: data.access_token })).status,
      401,
    )
  })

  it('does not open the main API with these headers', async () => {
    const { headers } = await signIn()
    assert.equal((await test.api('/labels', { token: null, headers })).status, 401)
  })

  it('is not begun with a wrong password', async () => {
    const { status, body } = await call(
      'POST',
      '/auth/sign_in',
      { email, password: 'wrong' },
      { token: null },
    )
    assert.deepEqual([status, body.success, body.errors.length], [401, false, 1])
  })

  it('changes the profile of its user', async () => {
    const { headers } = await signIn()
    const by = { token: null, headers }
    const renamed = await succeeded(call('PUT', '/api/v1/profile', { profile: { name: 'Ada' } }, by))
    assert.equal(renamed.name, 'Ada')
    const busy = { profile: { account_id: 1, availability: 'busy' } }
    const { accounts } = await succeeded(call('POST', '/api/v1/profile/availability', busy, by))
    assert.equal(accounts[0].availability_status, 'busy')
    assert.equal((await call('PUT', '/api/v1/profile/set_active_account', { account_id: 1 }, by)).status, 200)
  })
})
