import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startTestApp, type TestApp } from '../../../../test/app.ts'
import {
  account,
  type ChatwootCall,
  chatwootClient,
  startChatwootConversation,
  succeeded,
} from '../../../../test/chatwoot-client.ts'
import { eventually } from '../../../../test/eventually.ts'
import { addMessages, addTestConversation, addUser } from '../../../../test/factories.ts'

interface Shown {
  id: number
  content: string
}

describe('The conversations of Chatwoot', () => {
  let test: TestApp
  let call: ChatwootCall
  before(async () => {
    test = await startTestApp()
    call = chatwootClient(test)
  })
  after(() => test.close())
  const idsOf = (all: Shown[]) => all.map(({ id }) => id)

  it('are read page by page, with the counts of all', async () => {
    for (let i = 0; i < 27; i++) await addTestConversation(test, { status: 'pending' })
    const list = (query: string) => succeeded(call('GET', `${account}/conversations?status=pending&${query}`))
    const [first, second] = [(await list('page=1')).data, (await list('page=2')).data]
    assert.deepEqual([first.payload.length, second.payload.length], [25, 2])
    assert.equal(new Set(idsOf([...first.payload, ...second.payload])).size, 27)
    const counts = { mine_count: 0, assigned_count: 0, unassigned_count: 27, all_count: 27 }
    assert.deepEqual(first.meta, counts)
    const filter = {
      payload: [{ attribute_key: 'status', filter_operator: 'equal_to', values: ['pending'] }],
    }
    const filtered = (page: number) =>
      succeeded(call('POST', `${account}/conversations/filter?page=${page}`, filter))
    const [one, two] = [await filtered(1), await filtered(2)]
    assert.deepEqual([one.payload.length, two.payload.length], [25, 2])
    assert.deepEqual([one.meta.all_count, two.meta.all_count], [26, 27])
    assert.equal(new Set(idsOf([...one.payload, ...two.payload])).size, 27)
  })

  it('count those of the user who asks as assigned', async () => {
    const { path } = await startChatwootConversation(call)
    await succeeded(call('POST', `${path}/assignments`, { assignee_id: 1 }))
    const { meta } = await succeeded(call('GET', `${account}/conversations/meta?status=all`))
    assert.equal(meta.assigned_count, meta.all_count - meta.unassigned_count)
    assert.ok(meta.mine_count >= 1 && meta.assigned_count >= meta.mine_count)
    const mine = await succeeded(call('GET', `${account}/conversations?assignee_type=me&status=open`))
    assert.ok(mine.data.payload.length >= 1)
  })

  it('are assigned to the bot of their inbox, and to a user instead', async () => {
    const { path } = await startChatwootConversation(call)
    const bot = await succeeded(call('POST', `${account}/agent_bots`, { name: 'Robo' }))
    await succeeded(call('POST', `${account}/inboxes/1/set_agent_bot`, { agent_bot: bot.id }))
    const toBot = { assignee_id: bot.id, assignee_type: 'AgentBot' }
    const shown = { id: bot.id, name: 'Robo', avatar_url: '', type: 'agent_bot' }
    assert.deepEqual(await succeeded(call('POST', `${path}/assignments`, toBot)), shown)
    const { meta } = await succeeded(call('GET', path))
    assert.deepEqual([meta.assignee, meta.assignee_type], [shown, 'AgentBot'])
    await succeeded(call('POST', `${path}/assignments`, { assignee_id: 1 }))
    const { meta: after } = await succeeded(call('GET', path))
    assert.deepEqual([after.assignee.id, after.assignee_type], [1, 'User'])
    await succeeded(call('POST', `${account}/inboxes/1/set_agent_bot`, { agent_bot: null }))
  })

  it('are found by any of several labels, and by the name of their contact at the inbox', async () => {
    const one = await startChatwootConversation(call, { source_id: 'wa:4711' })
    const other = await startChatwootConversation(call)
    await succeeded(call('POST', `${one.path}/labels`, { labels: ['red'] }))
    await succeeded(call('POST', `${other.path}/labels`, { labels: ['green'] }))
    const { data } = await succeeded(call('GET', `${account}/conversations?labels[]=red&labels[]=green`))
    assert.deepEqual(idsOf(data.payload).sort(), [one.conversation.id, other.conversation.id].sort())
    const found = await succeeded(call('GET', `${account}/conversations?source_id=wa:4711`))
    assert.deepEqual(idsOf(found.data.payload), [one.conversation.id])
    const unknown = await succeeded(call('GET', `${account}/conversations?source_id=nobody`))
    assert.deepEqual(unknown.data.payload, [])
  })

  it('list messages by ids: the latest, those before, those after, and a range', async () => {
    const { path, conversation } = await startChatwootConversation(call)
    const ids = await addMessages(
      test,
      conversation.id,
      Array.from({ length: 30 }, () => ({})),
    )
    const list = async (query = '') =>
      idsOf((await succeeded(call('GET', `${path}/messages${query}`))).payload)
    assert.deepEqual(await list(), ids.slice(10))
    assert.deepEqual(await list('?before=&after='), ids.slice(10))
    assert.deepEqual(await list(`?before=${ids[10]}`), ids.slice(0, 10))
    assert.deepEqual(await list(`?after=${ids[27]}`), ids.slice(28))
    assert.deepEqual(await list(`?after=${ids[5]}&before=${ids[8]}`), ids.slice(5, 8))
    await addMessages(test, conversation.id, [{ private: 1 }, { message_type: 'activity' }])
    assert.deepEqual(await list('?filter_internal_messages=true'), ids.slice(12))
  })

  it('have participants, who are added, set and removed', async () => {
    const { path } = await startChatwootConversation(call)
    const { userId } = await addUser(test, { inboxes: [] })
    const url = `${path}/participants`
    const listed = async () => idsOf(await succeeded(call('GET', url)))
    assert.deepEqual(await listed(), [])
    const [added] = await succeeded(call('POST', url, { user_ids: ['1'] }))
    assert.deepEqual([added.id, added.role, added.account_id], [1, 'administrator', 1])
    assert.equal((await call('POST', url, { user_ids: [userId] })).status, 422)
    assert.deepEqual(idsOf(await succeeded(call('PATCH', url, { user_ids: [1] }))), [1])
    assert.equal((await call('DELETE', url, { user_ids: [1] })).body, '')
    assert.deepEqual(await listed(), [])
  })

  it('report the delivery of messages, in any order', async () => {
    const { path } = await startChatwootConversation(call)
    const { id } = await succeeded(call('POST', `${path}/messages`, { content: 'Hello' }))
    const report = (body: object) => succeeded(call('PATCH', `${path}/messages/${id}`, body))
    assert.equal((await report({ status: 'read' })).status, 'read')
    assert.equal((await report({ status: 'delivered' })).status, 'read')
    const second = await succeeded(call('POST', `${path}/messages`, { content: 'Hello again' }))
    const failed = { status: 'failed', external_error: 'no such number' }
    const after = await succeeded(call('PUT', `${path}/messages/${second.id}`, failed))
    assert.deepEqual([after.status, after.content_attributes.external_error], ['failed', 'no such number'])
  })

  it('are opened and resolved, snoozed, muted, and marked as read and unread', async () => {
    const { path, contact } = await startChatwootConversation(call)
    const toggle = async (body?: object) =>
      (await succeeded(call('POST', `${path}/toggle_status`, body))).payload
    assert.equal((await toggle()).current_status, 'resolved')
    assert.equal((await toggle()).current_status, 'open')
    const until = Math.floor(Date.now() / 1000) + 3600
    const { current_status, snoozed_until } = await toggle({ status: 'snoozed', snoozed_until: until })
    assert.deepEqual([current_status, Date.parse(snoozed_until)], ['snoozed', until * 1000])
    assert.equal((await call('POST', `${path}/toggle_priority`, { priority: 'high' })).body, '')
    assert.equal((await succeeded(call('PATCH', path, { priority: '' }))).priority, null)
    await succeeded(call('POST', `${path}/messages`, { content: 'Hi', message_type: 'incoming' }))
    assert.equal((await succeeded(call('POST', `${path}/update_last_seen`))).unread_count, 0)
    assert.equal((await succeeded(call('POST', `${path}/unread`))).unread_count, 1)
    assert.equal((await succeeded(call('POST', `${path}/update_last_seen`))).unread_count, 0)
    await succeeded(call('POST', `${path}/mute`))
    const muted = await succeeded(call('GET', path))
    assert.deepEqual([muted.muted, muted.status], [true, 'resolved'])
    await succeeded(call('POST', `${path}/unmute`))
    assert.equal((await succeeded(call('GET', `${account}/contacts/${contact.id}`))).payload.blocked, false)
    const attributes = { custom_attributes: { order: 7 } }
    assert.deepEqual(await succeeded(call('POST', `${path}/custom_attributes`, attributes)), attributes)
    assert.equal((await call('POST', `${path}/toggle_typing_status`, { typing_status: 'on' })).status, 200)
  })

  it('begin with a message, and are deleted', async () => {
    const { payload } = await succeeded(call('POST', `${account}/contacts`, { name: 'Jane', inbox_id: 1 }))
    const { source_id } = payload.contact_inbox
    const first = { source_id, message: { content: 'From the start', message_type: 'incoming' } }
    const conversation = await succeeded(call('POST', `${account}/conversations`, first))
    assert.equal(conversation.messages[0].content, 'From the start')
    const path = `${account}/conversations/${conversation.id}`
    assert.equal((await call('DELETE', path)).body, '')
    assert.equal((await call('GET', path)).status, 404)
  })

  it('are assigned to teams and to the members of inboxes', async () => {
    const { path } = await startChatwootConversation(call)
    const team = await succeeded(call('POST', `${account}/teams`, { name: 'Sales' }))
    const { userId } = await addUser(test)
    const members = await succeeded(
      call('POST', `${account}/teams/${team.id}/team_members`, { user_ids: [userId] }),
    )
    assert.deepEqual(idsOf(members), [userId])
    const inbox = { inbox_id: 1, user_ids: [userId] }
    const { payload } = await succeeded(call('POST', `${account}/inbox_members`, inbox))
    assert.ok(idsOf(payload).includes(userId))
    const assignable = await succeeded(call('GET', `${account}/assignable_agents?inbox_ids[]=1`))
    assert.ok(idsOf(assignable.payload).includes(userId))
    const assigned = await succeeded(call('POST', `${path}/assignments`, { team_id: team.id }))
    assert.deepEqual([assigned.id, assigned.account_id], [team.id, 1])
    assert.equal((await succeeded(call('POST', `${path}/assignments`, { assignee_id: userId }))).id, userId)
    assert.equal((await call('DELETE', `${account}/inbox_members`, inbox)).body, '')
    assert.equal((await succeeded(call('GET', path))).meta.assignee, undefined)
  })

  it('are found by a search, together with messages and contacts', async () => {
    const { path, contact } = await startChatwootConversation(call, { name: 'Zacharias Quill' })
    await succeeded(call('POST', `${path}/messages`, { content: 'The xylophone arrived' }))
    const search = async (kind: string, q: string) =>
      (await succeeded(call('GET', `${account}/search/${kind}?q=${q}`))).payload[kind]
    assert.deepEqual(idsOf(await search('contacts', 'zacharias')), [contact.id])
    const messages = await eventually(async () => {
      const found: Shown[] = await search('messages', 'xylophone')
      return found.length > 0 && found
    })
    assert.deepEqual(
      messages.map(({ content }) => content),
      ['The xylophone arrived'],
    )
    assert.equal((await search('conversations', 'xylophone')).length, 1)
  })

  it('have lists of what does not exist here, which are empty', async () => {
    for (const path of ['macros', 'campaigns', 'dashboard_apps'])
      assert.doesNotMatch(JSON.stringify(await succeeded(call('GET', `${account}/${path}`))), /\{"id"/)
    const { data } = await succeeded(call('GET', `${account}/notifications`))
    assert.deepEqual(data, { meta: { unread_count: 0, count: 0, current_page: 1 }, payload: [] })
  })
})
