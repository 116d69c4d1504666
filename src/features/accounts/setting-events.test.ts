import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startTestApp, type TestApp } from '../../../test/app.ts'
import { eventsOf, type TestEvent } from '../../../test/events.ts'
import { addUser } from '../../../test/factories.ts'

let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => test.close())

// biome-ignore lint/suspicious/noExplicitAny: responses of every shape
async function call(method: string, path: string, body?: unknown): Promise<any> {
  const response = await test.api(path, { method, ...(body === undefined ? {} : { body }) })
  assert.ok(response.status < 300, `${method} ${path}: ${JSON.stringify(response.body)}`)
  return response.body
}

/** Creates a setting, changes it twice in the same way, and deletes it. Returns the events and the bodies of the responses. */
async function changeAndDelete(path: string, body: object, change: object) {
  const bodies: { id: number }[] = []
  const events = await eventsOf(test, async () => {
    bodies.push(await call('POST', path, body))
    const one = `${path}/${bodies[0]!.id}`
    bodies.push(await call('PATCH', one, change), await call('PATCH', one, change))
    await call('DELETE', one)
  })
  return { events: events.filter(({ audience }) => audience !== 'server'), bodies }
}

const summaryOf = (events: TestEvent[]) => events.map(({ name, data }) => [name, data.id, data.changed])

describe('the log', () => {
  for (const [name, path, body, change, changed] of [
    ['label', '/labels', { title: 'vip' }, { title: 'key-account' }, 'title'],
    ['team', '/teams', { name: 'Sales' }, { allow_auto_assign: false }, 'allow_auto_assign'],
    ['inbox', '/inboxes', { name: 'Shop', channel: { type: 'api' } }, { name: 'Store' }, 'name'],
  ] as const) {
    it(`contains one event each for the creation, change and deletion of a ${name}`, async () => {
      const { events, bodies } = await changeAndDelete(path, body, change)
      const id = bodies[0]!.id
      const versions = bodies.map((one) => (name === 'inbox' ? { ...one, hmac_token: null } : one))
      assert.deepEqual(summaryOf(events), [
        [`${name}_created`, id, []],
        [`${name}_updated`, id, [changed]],
        [`${name}_deleted`, id, []],
      ])
      const undated = ({ updated_at, ...rest }: Record<string, unknown>) => rest
      assert.deepEqual(
        events.map(({ data }) => undated(data[name])),
        [versions[0], versions[1], versions[1]].map((thing) => undated({ ...thing })),
      )
    })
  }

  it('contains that an agent was invited, has accepted, and has a new name and availability', async () => {
    const invited = { name: 'Kim', email: 'kim.events@example.com', role: 'agent' }
    const events = await eventsOf(test, async () => {
      const { invite_url } = await call('POST', '/agents', invited)
      await call('POST', '//auth/invitation', {
        token: invite_url.split('#')[1],
        password: 'a good password',
      })
    })
    const visible = events.filter(({ audience }) => audience !== 'server')
    const id = visible[0]!.data.id
    assert.deepEqual(summaryOf(visible), [
      ['agent_created', id, []],
      ['agent_updated', id, ['confirmed']],
    ])
    const own = await eventsOf(test, async () => {
      await call('PATCH', '//api/v1/profile', { name: 'Ada', availability: 'busy' })
      await call('PATCH', '//api/v1/profile', { name: 'Ada', availability: 'busy' })
    })
    assert.deepEqual(summaryOf(own), [
      ['agent_updated', 1, ['name']],
      ['agent_updated', 1, ['availability']],
    ])
    assert.deepEqual([own[1]!.data.agent.name, own[1]!.data.agent.availability], ['Ada', 'busy'])
  })

  it('contains that the members of a team have changed, only if they have', async () => {
    const { id } = await call('POST', '/teams', { name: 'Night' })
    const { userId } = await addUser(test)
    const path = `/teams/${id}/team_members`
    const events = await eventsOf(test, async () => {
      for (const method of ['POST', 'POST', 'DELETE', 'DELETE'])
        await call(method, path, { user_ids: [userId] })
    })
    const change = ['team_updated', id, ['members']]
    assert.deepEqual(summaryOf(events), [change, change])
  })

  it('shows an agent events of labels and teams, but not of inboxes of others', async () => {
    const agent = await addUser(test)
    const { meta } = (await test.api('/events?after=0&limit=1', { headers: { accept: 'application/json' } }))
      .body
    await changeAndDelete('/labels', { title: 'visible' }, { color: '#112233' })
    await changeAndDelete('/inboxes', { name: 'Secret', channel: { type: 'api' } }, { name: 'Still secret' })
    const headers = { accept: 'application/json' }
    const names = async (token?: string) => {
      const { body } = await test.api(`/events?after=${meta.after}&limit=1000`, {
        headers,
        ...(token ? { token } : {}),
      })
      return new Set<string>(body.payload.map(({ event }: { event: string }) => event))
    }
    const [forAgent, forAdministrator] = [await names(agent.token), await names()]
    assert.ok(forAgent.has('label_created') && !forAgent.has('inbox_created'), [...forAgent].join())
    assert.ok(forAdministrator.has('inbox_created') && forAdministrator.has('inbox_deleted'))
  })

  it('never contains the webhook address of an inbox, only that it has changed', async () => {
    const channel = { type: 'api', webhook_url: 'https://example.com/secret-one' }
    const next = { webhook_url: 'https://example.com/secret-two' }
    const events = await eventsOf(test, async () => {
      const { id } = await call('POST', '/inboxes', { name: 'Hooked', channel })
      await call('PATCH', `/inboxes/${id}`, { channel: next })
      await call('DELETE', `/inboxes/${id}`)
    })
    assert.deepEqual(summaryOf(events.filter(({ audience }) => audience !== 'server'))[1]!.slice(2), [
      ['webhook_url'],
    ])
    const rows = await test.app.database.read.sql.selectFrom('events').select('data').execute()
    assert.ok(!JSON.stringify(rows).includes('secret-'))
  })

  it('never contains the key of an inbox', async () => {
    const { id, hmac_token } = await call('POST', '/inboxes', { name: 'Keyed', channel: { type: 'api' } })
    const events = await eventsOf(test, () => call('POST', `/inboxes/${id}/rotate_hmac_token`))
    assert.deepEqual(summaryOf(events), [['inbox_updated', id, ['hmac_token']]])
    const { hmac_token: next } = await call('GET', `/inboxes/${id}`)
    assert.notEqual(next, hmac_token)
    const rows = await test.app.database.read.sql.selectFrom('events').select('data').execute()
    for (const key of [hmac_token, next]) assert.ok(!JSON.stringify(rows).includes(key))
  })
})
