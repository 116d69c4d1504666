import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { sendMessage, startTestApp, type TestApp } from '../../../../test/app.ts'
import { account, type ChatwootCall, chatwootClient, succeeded } from '../../../../test/chatwoot-client.ts'
import { followed } from '../../../../test/events.ts'
import { eventually } from '../../../../test/eventually.ts'
import { addTestConversation, addUser } from '../../../../test/factories.ts'

let test: TestApp
let call: ChatwootCall
let agent: { token: string; userId: number; name: string }
before(async () => {
  test = await startTestApp()
  call = chatwootClient(test)
  agent = await addUser(test, { inboxes: [1] })
})
after(() => test.close())

const byAgent = (method: string, path: string, body?: object) =>
  call(method, account + path, body, { token: agent.token })

describe('The notifications of Chatwoot', () => {
  const list = async (query = '') => (await succeeded(byAgent('GET', `/notifications${query}`))).data
  const assign = async () => {
    const id = await addTestConversation(test)
    await call('POST', `${account}/conversations/${id}/assignments`, { assignee_id: agent.userId })
    await followed(test, 'participants')
    return id
  }

  it('show what concerns a user, with the conversation and who acted', async () => {
    const id = await assign()
    const { meta, payload } = await list()
    assert.deepEqual(meta, { unread_count: 1, count: 1, current_page: 1 })
    const { primary_actor, secondary_actor, user, ...rest } = payload[0]
    assert.deepEqual(
      [rest.notification_type, rest.primary_actor_id, rest.push_message_title, rest.read_at],
      ['conversation_assignment', id, `Assigned to you (#${id})`, null],
    )
    assert.deepEqual([primary_actor.id, primary_actor.meta.sender.name], [id, 'John Smith'])
    assert.deepEqual([secondary_actor.id, secondary_actor.type, user.id], [1, 'user', agent.userId])
    assert.equal((await succeeded(call('GET', `${account}/notifications`))).data.meta.unread_count, 0)
    assert.equal(await succeeded(byAgent('GET', '/notifications/unread_count')), 1)
  })

  it('are read, made unread, and deleted', async () => {
    const [{ id }] = (await list()).payload
    assert.match((await succeeded(byAgent('PATCH', `/notifications/${id}`, {}))).read_at, /^\d{4}-/)
    assert.deepEqual((await list()).payload, [])
    assert.equal((await list('?includes[]=read')).payload[0].id, id)
    assert.equal((await succeeded(byAgent('POST', `/notifications/${id}/unread`, {}))).read_at, null)
    assert.equal((await call('PATCH', `${account}/notifications/${id}`, {})).status, 404)
    await succeeded(byAgent('DELETE', `/notifications/${id}`))
    assert.deepEqual((await list('?includes[]=read')).payload, [])
  })

  it('come 15 on a page, and are all read at once or of one conversation', async () => {
    const ids = []
    for (let n = 0; n < 17; n++) ids.push(await assign())
    const [first, second] = [await list(), await list('?page=2')]
    assert.deepEqual([first.payload.length, second.payload.length, first.meta.count], [15, 2, 17])
    const one = { primary_actor_type: 'Conversation', primary_actor_id: ids[0] }
    await succeeded(byAgent('POST', '/notifications/read_all', one))
    assert.equal((await list()).meta.count, 16)
    await succeeded(byAgent('POST', '/notifications/read_all', {}))
    assert.deepEqual((await list()).meta, { unread_count: 0, count: 0, current_page: 1 })
  })

  it('are deleted all at once, or those that were read', async () => {
    await assign()
    assert.ok((await list('?includes[]=read')).meta.count > 1)
    await succeeded(byAgent('POST', '/notifications/destroy_all', { type: 'read' }))
    assert.equal((await list('?includes[]=read')).meta.count, 1)
    assert.equal((await byAgent('POST', '/notifications/destroy_all', {})).body, '')
    assert.deepEqual((await list('?includes[]=read')).meta, { unread_count: 0, count: 0, current_page: 1 })
  })

  it('leave out the end of an import, for which Chatwoot has no type', async () => {
    const { token } = await addUser(test, { role: 'administrator', scopes: ['admin'] })
    const form = new FormData()
    form.append('attachments[]', new Blob(['name,email\nAda,ada@example.com\n']), 'contacts.csv')
    await test.api('/contact_imports', { method: 'POST', body: form, token })
    const own = async () => (await test.api('/notifications', { token })).body.payload
    await eventually(async () => (await own()).length === 1)
    const get = (path: string) => call('GET', account + path, undefined, { token })
    assert.deepEqual((await succeeded(get('/notifications'))).data, {
      meta: { unread_count: 0, count: 0, current_page: 1 },
      payload: [],
    })
    assert.equal(await succeeded(get('/notifications/unread_count')), 0)
    const [{ id }] = await own()
    const path = `${account}/notifications/${id}`
    assert.equal((await call('PATCH', path, {}, { token })).status, 404)
    assert.equal((await call('DELETE', path, undefined, { token })).status, 404)
    const post = (what: string, body: object) =>
      succeeded(call('POST', `${account}/notifications/${what}`, body, { token }))
    await post('read_all', {})
    await post('destroy_all', {})
    assert.deepEqual([(await own()).length, (await own())[0].read_at], [1, null])
    await test.api('/notifications/read_all', { method: 'POST', body: {}, token })
    await post('destroy_all', { type: 'read' })
    assert.equal((await own()).length, 1)
    const flags = await succeeded(get('/notification_settings'))
    assert.ok(!JSON.stringify(flags).includes('import_finished'))
  })

  it('are wanted by the flags that a user has selected', async () => {
    const before = await succeeded(byAgent('GET', '/notification_settings'))
    assert.ok(before.selected_email_flags.includes('email_conversation_mention'))
    assert.ok(!before.selected_email_flags.includes('email_conversation_creation'))
    const selected_email_flags = ['email_conversation_creation']
    const body = { notification_settings: { selected_email_flags } }
    const changed = await succeeded(byAgent('PUT', '/notification_settings', body))
    assert.deepEqual(changed.selected_email_flags, selected_email_flags)
    assert.deepEqual(changed.selected_push_flags, before.selected_push_flags)
    const own = (await test.api('/notification_settings', { token: agent.token })).body.kinds
    assert.deepEqual(
      [own.conversation_creation.email, own.conversation_mention.email, own.conversation_mention.app],
      [true, false, true],
    )
  })
})

describe('The conversations of a user of Chatwoot', () => {
  it('are listed by what they follow and what mentions them', async () => {
    const id = await addTestConversation(test)
    const content = `[@Agent](mention://user/${agent.userId}/Agent) please`
    await sendMessage(test, content, { private: true }, id)
    await followed(test, 'participants')
    for (const type of ['mention', 'participating']) {
      const path = `/conversations?conversation_type=${type}&sort_by=created_at_desc`
      const { data } = await succeeded(byAgent('GET', path))
      assert.ok(data.payload.some((one: { id: number }) => one.id === id))
      assert.ok(data.meta.all_count >= 1)
    }
    const { data } = await succeeded(call('GET', `${account}/conversations?conversation_type=mention`))
    assert.deepEqual([data.payload, data.meta.all_count], [[], 0])
  })

  it('are listed by what no agent has answered, and counted', async () => {
    const id = await addTestConversation(test)
    const path = '/conversations?conversation_type=unattended&assignee_type=all'
    const isListed = async () => {
      const { data } = await succeeded(byAgent('GET', path))
      const { meta } = await succeeded(byAgent('GET', path.replace('?', '/meta?')))
      assert.deepEqual([data.meta, data.payload.length], [meta, meta.all_count])
      return data.payload.some((one: { id: number }) => one.id === id)
    }
    assert.equal(await isListed(), false)
    await sendMessage(test, 'Hello?', { message_type: 'incoming' }, id)
    assert.equal(await isListed(), true)
    await sendMessage(test, 'An answer', {}, id)
    assert.equal(await isListed(), false)
  })
})

describe('The macros of Chatwoot', () => {
  const actions = [
    { action_name: 'assign_agent', action_params: ['self'] },
    { action_name: 'add_private_note', action_params: ['Done'] },
    { action_name: 'resolve_conversation', action_params: [] },
    { action_name: 'remove_assigned_team', action_params: [] },
  ]

  it('are created, run on several conversations, changed and deleted', async () => {
    const { payload: macro } = await succeeded(
      byAgent('POST', '/macros', { name: 'Close', visibility: 'global', actions }),
    )
    assert.deepEqual(macro.actions, [
      { action_name: 'assign_agent', action_params: [agent.userId] },
      ...actions.slice(1),
    ])
    assert.deepEqual([macro.visibility, macro.created_by.id], ['global', agent.userId])
    const ids = [await addTestConversation(test), await addTestConversation(test)]
    const path = `/macros/${macro.id}`
    await succeeded(byAgent('POST', `${path}/execute`, { conversation_ids: ids.map(String) }))
    for (const id of ids) {
      const { status, meta } = (await test.api(`/conversations/${id}`)).body
      assert.deepEqual([status, meta.assignee.id], ['resolved', agent.userId])
    }
    const { payload: renamed } = await succeeded(byAgent('PUT', path, { name: 'Finish' }))
    assert.deepEqual([renamed.name, renamed.actions], ['Finish', macro.actions])
    assert.equal((await succeeded(byAgent('GET', path))).payload.name, 'Finish')
    await succeeded(byAgent('DELETE', path))
    assert.equal((await byAgent('GET', path)).status, 404)
  })

  it('are personal unless they are global, and refuse actions that do not exist here', async () => {
    const body = { name: 'Mine', actions: actions.slice(1, 2) }
    const { payload } = await succeeded(byAgent('POST', '/macros', body))
    assert.equal(payload.visibility, 'personal')
    const names = async (caller: Promise<{ payload: { name: string }[] }>) =>
      (await caller).payload.map(({ name }) => name)
    assert.deepEqual(await names(succeeded(byAgent('GET', '/macros'))), ['Mine'])
    assert.deepEqual(await names(succeeded(call('GET', `${account}/macros`))), [])
    const unknown = { name: 'Other', actions: [{ action_name: 'send_attachment', action_params: [1] }] }
    assert.equal((await byAgent('POST', '/macros', unknown)).status, 422)
  })
})

describe('A failed message of Chatwoot', () => {
  it('is sent again once, with its files, as a new message', async () => {
    const id = await addTestConversation(test)
    const path = `${account}/conversations/${id}/messages`
    const form = new FormData()
    form.set('content', 'With a file')
    form.append('attachments[]', new File(['text'], 'note.txt', { type: 'text/plain' }))
    const message = await succeeded(call('POST', path, form))
    const retry = () => call('POST', `${path}/${message.id}/retry`, {})
    assert.equal((await retry()).status, 409)
    const failed = { status: 'failed', external_error: 'Not reachable' }
    await succeeded(call('PATCH', `${path}/${message.id}`, failed))
    const again = await succeeded(retry())
    assert.ok(again.id > message.id)
    assert.deepEqual([again.content, again.status, again.content_attributes], ['With a file', 'sent', {}])
    const { pathname, search } = new URL(again.attachments[0].data_url)
    const file = test.app.url + pathname + search
    assert.equal(await (await fetch(file)).text(), 'text')
    assert.equal((await succeeded(retry())).id, again.id)
    await succeeded(call('DELETE', `${path}/${message.id}`))
    assert.equal((await fetch(file)).status, 200)
  })

  it('is not sent again by somebody who does not see it', async () => {
    const id = await addTestConversation(test)
    const { id: message } = await sendMessage(test, 'Hello', {}, id)
    const { token } = await addUser(test)
    const path = `${account}/conversations/${id}/messages/${message}`
    await succeeded(call('PATCH', path, { status: 'failed' }))
    assert.equal((await call('POST', `${path}/retry`, {}, { token })).status, 404)
    assert.equal((await test.api(`/conversations/${id}/messages`)).body.payload.length, 1)
  })
})

describe('The account of Chatwoot', () => {
  it('is renamed by administrators only', async () => {
    const { name } = await succeeded(call('PATCH', account, { name: 'New name', locale: 'de' }))
    assert.equal(name, 'New name')
    assert.equal((await byAgent('PATCH', '', { name: 'Other' })).status, 401)
    assert.equal((await succeeded(byAgent('GET', ''))).name, 'New name')
  })
})
