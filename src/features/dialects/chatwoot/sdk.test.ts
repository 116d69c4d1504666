import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { after, before, describe, it } from 'node:test'
import chatwoot from '@figuro/chatwoot-sdk'
import { startTestApp, type TestApp } from '../../../../test/app.ts'

// biome-ignore lint/suspicious/noExplicitAny: its types describe an older version of Chatwoot
const ChatwootClient = (chatwoot as any).default
const accountId = 1

/** A port that nobody listens on at the moment. */
async function freePort(): Promise<number> {
  const server = createServer()
  const { promise, resolve } = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', resolve)
  await promise
  const { port } = server.address() as { port: number }
  await new Promise((closed) => server.close(closed))
  return port
}

describe('@figuro/chatwoot-sdk', () => {
  let test: TestApp
  let port: number
  before(async () => {
    port = await freePort()
    test = await startTestApp({ PORT: String(port), NDOTO_CHATWOOT_HOST: `localhost:${port}` })
  })
  after(() => test.close())

  for (const [where, hostOf] of [
    ['at /chatwoot', () => `http://127.0.0.1:${port}/chatwoot`],
    ['at the root of a host of its own', () => `http://localhost:${port}`],
  ] as const) {
    const client = () =>
      new ChatwootClient({
        config: { basePath: hostOf(), with_credentials: true, credentials: 'include', token: test.token },
      })

    it(`works with conversations ${where}`, async () => {
      const { contacts, conversations, messages, conversationAssignment, conversationLabels } = client()
      const { payload } = await contacts.create({ accountId, data: { inbox_id: 1, name: 'Jane' } })
      const { contact, contact_inbox } = payload
      const place = { inbox_id: '1', contact_id: String(contact.id), source_id: contact_inbox.source_id }
      const conversation = await conversations.create({ accountId, data: place })
      const conversationId = conversation.id
      const data = { content: 'Where is it?', message_type: 'incoming' }
      const received = await messages.create({ accountId, conversationId, data })
      const { payload: listed } = await messages.list({ accountId, conversationId })
      assert.deepEqual(
        listed.map(({ content }: { content: string }) => content),
        ['Where is it?'],
      )
      await messages.delete({ accountId, conversationId, messageId: received.id })
      await messages.delete({ accountId, conversationId, messageId: received.id })
      const [deleted] = (await messages.list({ accountId, conversationId })).payload
      assert.equal(deleted.content, 'This message was deleted')
      assert.deepEqual(deleted.content_attributes, { deleted: true })
      const shown = await conversations.get({ accountId, conversationId })
      assert.equal(shown.meta.sender.name, 'Jane')
      const assignee = await conversationAssignment.assign({
        accountId,
        conversationId,
        data: { assignee_id: 1 },
      })
      assert.equal(assignee.id, 1)
      const labels = await conversationLabels.add({ accountId, conversationId, data: { labels: ['sdk'] } })
      assert.deepEqual(labels.payload, ['sdk'])
      const toggled = await conversations.toggleStatus({
        accountId,
        conversationId,
        data: { status: 'resolved' },
      })
      assert.equal(toggled.payload.current_status, 'resolved')
      const { data: page } = await conversations.list({ accountId, status: 'resolved', page: 1 })
      assert.ok(page.payload.some(({ id }: { id: number }) => id === conversationId))
      const { meta } = await conversations.getMeta({ accountId, status: 'resolved' })
      assert.equal(meta.all_count, page.meta.all_count)
    })

    it(`works with contacts ${where}`, async () => {
      const { contacts } = client()
      const name = `Jane of ${where}`
      const { payload } = await contacts.create({ accountId, data: { inbox_id: 1, name } })
      const { id } = payload.contact
      await contacts.update({ accountId, id, data: { custom_attributes: { plan: 'gold' } } })
      assert.equal((await contacts.get({ accountId, id })).payload.custom_attributes.plan, 'gold')
      const found = await contacts.search({ accountId, q: name })
      assert.ok(found.payload.some((one: { id: number }) => one.id === id))
      const filter = [{ attribute_key: 'name', filter_operator: 'equal_to', values: [name] }]
      const filtered = await contacts.filter({ accountId, payload: filter })
      assert.deepEqual(
        filtered.payload.map((one: { id: number }) => one.id),
        [id],
      )
      assert.deepEqual((await contacts.listConversations({ accountId, id })).payload, [])
      await contacts.delete({ accountId, id })
      await assert.rejects(contacts.get({ accountId, id }), { status: 404 })
    })

    it(`works with settings ${where}`, async () => {
      const { inboxes, teams, agents, webhooks, cannedResponses, profile } = client()
      assert.equal((await profile.profile()).access_token, test.token)
      const inbox = await inboxes.create({ accountId, data: { name: 'Bridge', channel: { type: 'api' } } })
      const { payload } = await inboxes.list({ accountId })
      assert.ok(payload.some(({ id }: { id: number }) => id === inbox.id))
      const name = `team ${where}`
      const team = await teams.create({ accountId, data: { name } })
      assert.ok((await teams.list({ accountId })).some(({ id }: { id: number }) => id === team.id))
      assert.equal((await agents.list({ accountId }))[0].role, 'administrator')
      const hook = {
        url: 'https://example.com/hook',
        subscriptions: ['message_created', 'webwidget_triggered'],
      }
      await webhooks.create({ accountId, data: hook })
      const listed = await webhooks.list({ accountId })
      assert.ok(JSON.stringify(listed).includes('https://example.com/hook'))
      const canned = { short_code: `code-${where.length}`, content: 'Hello' }
      await cannedResponses.create({ accountId, data: canned })
      assert.ok((await cannedResponses.list({ accountId })).length > 0)
    })
  }

  it('finds nothing but the API of Chatwoot at the host of its own', async () => {
    for (const path of ['/', '/docs', '/health', '/openapi.json', '/metrics'])
      assert.equal((await fetch(`http://localhost:${port}${path}`)).status, 404, path)
    assert.equal((await fetch(`http://localhost:${port}/api`)).status, 200)
    assert.equal((await fetch(`http://localhost:${port}/chatwoot/api`)).status, 200)
  })
})
