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

// biome-ignore lint/suspicious/noExplicitAny: answers of every shape
async function call(method: string, path: string, body?: unknown): Promise<any> {
  const answer = await test.api(path, { method, ...(body === undefined ? {} : { body }) })
  assert.ok(answer.status < 300, `${method} ${path}: ${JSON.stringify(answer.body)}`)
  return answer.body
}

/** Makes a thing, changes it twice in the same way, and deletes it; gives what the log tells of that, and what each call answered. */
async function lifeOf(path: string, made: object, change: object) {
  const answers: { id: number }[] = []
  const events = await eventsOf(test, async () => {
    answers.push(await call('POST', path, made))
    const one = `${path}/${answers[0]!.id}`
    answers.push(await call('PATCH', one, change), await call('PATCH', one, change))
    await call('DELETE', one)
  })
  return { events: events.filter(({ audience }) => audience !== 'server'), answers }
}

const told = (events: TestEvent[]) => events.map(({ name, data }) => [name, data.id, data.changed])

describe('the log', () => {
  for (const [name, path, made, change, changed] of [
    ['label', '/labels', { title: 'vip' }, { title: 'key-account' }, 'title'],
    ['team', '/teams', { name: 'Sales' }, { allow_auto_assign: false }, 'allow_auto_assign'],
    ['inbox', '/inboxes', { name: 'Shop', channel: { type: 'api' } }, { name: 'Store' }, 'name'],
  ] as const) {
    it(`tells once that a ${name} was made, changed and deleted, and how it looks`, async () => {
      const { events, answers } = await lifeOf(path, made, change)
      const id = String(answers[0]!.id)
      const shown = answers.map((answer) => (name === 'inbox' ? { ...answer, hmac_token: null } : answer))
      assert.deepEqual(told(events), [
        [`${name}_created`, id, []],
        [`${name}_updated`, id, [changed]],
        [`${name}_deleted`, id, []],
      ])
      const undated = ({ updated_at, ...rest }: Record<string, unknown>) => rest
      assert.deepEqual(
        events.map(({ data }) => undated(data[name])),
        [shown[0], shown[1], shown[1]].map((thing) => undated({ ...thing })),
      )
    })
  }

  it('tells that an agent was invited and accepted, and of their name and availability', async () => {
    const invited = { name: 'Kim', email: 'kim.events@example.com', role: 'agent' }
    const events = await eventsOf(test, async () => {
      const { invite_url } = await call('POST', '/agents', invited)
      await call('POST', '//auth/invitation', {
        token: invite_url.split('#')[1],
        password: 'a good password',
      })
    })
    const heard = events.filter(({ audience }) => audience !== 'server')
    const id = heard[0]!.data.id
    assert.deepEqual(told(heard), [
      ['agent_created', id, []],
      ['agent_updated', id, ['confirmed']],
    ])
    const own = await eventsOf(test, async () => {
      await call('PATCH', '//api/v1/profile', { name: 'Ada', availability: 'busy' })
      await call('PATCH', '//api/v1/profile', { name: 'Ada', availability: 'busy' })
    })
    assert.deepEqual(told(own), [
      ['agent_updated', '1', ['name']],
      ['agent_updated', '1', ['availability']],
    ])
    assert.deepEqual([own[1]!.data.agent.name, own[1]!.data.agent.availability], ['Ada', 'busy'])
  })

  it('tells that a team has other members, and only where it has', async () => {
    const { id } = await call('POST', '/teams', { name: 'Night' })
    const { userId } = await addUser(test)
    const path = `/teams/${id}/team_members`
    const events = await eventsOf(test, async () => {
      for (const method of ['POST', 'POST', 'DELETE', 'DELETE'])
        await call(method, path, { user_ids: [userId] })
    })
    const change = ['team_updated', String(id), ['members']]
    assert.deepEqual(told(events), [change, change])
  })

  it('tells an agent of labels and teams, but not of inboxes where they do not work', async () => {
    const agent = await addUser(test)
    const { meta } = (await test.api('/events?after=0&limit=1', { headers: { accept: 'application/json' } }))
      .body
    await lifeOf('/labels', { title: 'heard' }, { color: '#112233' })
    await lifeOf('/inboxes', { name: 'Secret', channel: { type: 'api' } }, { name: 'Still secret' })
    const headers = { accept: 'application/json' }
    const names = async (token?: string) => {
      const { body } = await test.api(`/events?after=${meta.after}&limit=1000`, {
        headers,
        ...(token ? { token } : {}),
      })
      return new Set<string>(body.payload.map(({ event }: { event: string }) => event))
    }
    const [theirs, administrators] = [await names(agent.token), await names()]
    assert.ok(theirs.has('label_created') && !theirs.has('inbox_created'), [...theirs].join())
    assert.ok(administrators.has('inbox_created') && administrators.has('inbox_deleted'))
  })

  it('never has the webhook address of an inbox, but tells that it has changed', async () => {
    const channel = { type: 'api', webhook_url: 'https://example.com/secret-one' }
    const next = { webhook_url: 'https://example.com/secret-two' }
    const events = await eventsOf(test, async () => {
      const { id } = await call('POST', '/inboxes', { name: 'Hooked', channel })
      await call('PATCH', `/inboxes/${id}`, { channel: next })
      await call('DELETE', `/inboxes/${id}`)
    })
    assert.deepEqual(told(events.filter(({ audience }) => audience !== 'server'))[1]!.slice(2), [
      ['webhook_url'],
    ])
    const rows = await test.app.database.read.sql.selectFrom('events').select('data').execute()
    assert.ok(!JSON.stringify(rows).includes('secret-'))
  })

  it('never has the key of an inbox', async () => {
    const { id, hmac_token } = await call('POST', '/inboxes', { name: 'Keyed', channel: { type: 'api' } })
    const events = await eventsOf(test, () => call('POST', `/inboxes/${id}/rotate_hmac_token`))
    assert.deepEqual(told(events), [['inbox_updated', String(id), ['hmac_token']]])
    const { hmac_token: next } = await call('GET', `/inboxes/${id}`)
    assert.notEqual(next, hmac_token)
    const rows = await test.app.database.read.sql.selectFrom('events').select('data').execute()
    for (const key of [hmac_token, next]) assert.ok(!JSON.stringify(rows).includes(key))
  })
})
