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
import { addInbox, addUser } from '../../../../test/factories.ts'

const userPush = 'id name available_name avatar_url thumbnail type availability_status'
const contactPush =
  'id name email phone_number identifier thumbnail blocked additional_attributes custom_attributes type'
const agent =
  'id account_id name available_name email role availability_status auto_offline confirmed provider thumbnail'
const slim = 'id name avatar_url channel_id channel_type provider'
const contact =
  'id name email phone_number identifier thumbnail blocked availability_status additional_attributes custom_attributes created_at'
const message =
  'id content inbox_id conversation_id message_type content_type status content_attributes created_at private source_id'
const pushed = `${message} account_id updated_at sender_type sender_id external_source_ids additional_attributes processed_message_content sentiment conversation`
const conversation =
  'id uuid account_id inbox_id status priority meta messages last_non_activity_message labels additional_attributes custom_attributes can_reply muted unread_count snoozed_until created_at updated_at timestamp last_activity_at first_reply_created_at waiting_since agent_last_seen_at assignee_last_seen_at contact_last_seen_at sla_policy_id'
const attachment =
  'id message_id account_id file_type extension content_type data_url thumb_url file_size width height'
const inbox = `${slim} greeting_enabled greeting_message working_hours_enabled working_hours out_of_office_message timezone enable_email_collect csat_survey_enabled enable_auto_assignment auto_assignment_config allow_messages_after_resolved lock_to_single_conversation sender_name_type business_name callback_webhook_url hmac_mandatory inbox_identifier hmac_token`
const user =
  'id account_id name available_name display_name email uid provider access_token pubsub_token role avatar_url confirmed message_signature ui_settings type inviter_id accounts'

/** Asserts that an object has exactly these fields. */
function assertFields(object: object, names: string, more = ''): void {
  const expected = `${names} ${more}`.trim().split(' ')
  assert.deepEqual(Object.keys(object).sort(), expected.sort())
}

describe('The objects of Chatwoot', () => {
  let test: TestApp
  let call: ChatwootCall
  before(async () => {
    test = await startTestApp()
    call = chatwootClient(test)
  })
  after(() => test.close())

  it('have the fields of messages, with a sender of each kind', async () => {
    const { path } = await startChatwootConversation(call, { email: 'fields@example.com' })
    const sent = await succeeded(call('POST', `${path}/messages`, { content: 'Hello', echo_id: 'a' }))
    assertFields(sent, message, 'sender echo_id')
    assertFields(sent.sender, userPush)
    assert.deepEqual([sent.message_type, sent.sender.type, sent.echo_id], [1, 'user', 'a'])
    const received = await succeeded(
      call('POST', `${path}/messages`, { content: 'Hi', message_type: 'incoming', source_id: 'WA:1' }),
    )
    assertFields(received, message, 'sender')
    assertFields(received.sender, contactPush)
    assert.deepEqual([received.message_type, received.source_id], [0, 'WA:1'])
    const note = await succeeded(call('POST', `${path}/messages`, { content: 'Note', private: true }))
    assert.deepEqual([note.private, note.message_type], [true, 1])
    await call('POST', `${path}/toggle_status`)
    const { meta, payload } = await succeeded(call('GET', `${path}/messages`))
    assertFields(meta, 'labels additional_attributes contact agent_last_seen_at assignee_last_seen_at')
    assertFields(meta.contact, contactPush)
    const activity = payload.at(-1)
    assertFields(activity, message)
    assert.equal(activity.message_type, 2)
    assert.deepEqual(payload.map((one: { content: string }) => one.content).slice(0, 3), [
      'Hello',
      'Hi',
      'Note',
    ])
  })

  it('have the fields of files, with their media types', async () => {
    const { path } = await startChatwootConversation(call)
    const form = new FormData()
    form.set('content', 'Two files')
    form.set('message_type', 'incoming')
    form.set('private', 'false')
    form.set('content_attributes', '{"in_reply_to":1}')
    form.append('attachments[]', new Blob(['a text']), 'notes.txt')
    form.append('attachments[]', new Blob([pixel]), 'pixel.png')
    const sent = await succeeded(call('POST', `${path}/messages`, form))
    assert.deepEqual(sent.content_attributes, { in_reply_to: 1 })
    for (const file of sent.attachments) assertFields(file, attachment)
    const [text, picture] = sent.attachments
    assert.deepEqual([text.file_type, text.extension, text.thumb_url], ['file', 'txt', ''])
    assert.deepEqual([picture.file_type, picture.content_type, picture.width], ['image', 'image/png', 1])
    const { pathname, search } = new URL(text.data_url)
    assert.equal(await (await fetch(test.app.url + pathname + search)).text(), 'a text')
    const { meta, payload } = await succeeded(call('GET', `${path}/attachments`))
    assert.equal(meta.total_count, 2)
    for (const file of payload) assertFields(file, attachment, 'sender')
  })

  it('have the fields of conversations, in lists, too', async () => {
    const team = await succeeded(call('POST', `${account}/teams`, { name: 'Fields' }))
    const started = await startChatwootConversation(call, { identifier: 'fields' })
    const { path } = started
    await call('POST', `${path}/messages`, { content: 'Last' })
    await call('POST', `${path}/assignments`, { assignee_id: 1 })
    await call('POST', `${path}/assignments`, { team_id: team.id })
    const shown = await succeeded(call('GET', path))
    const { data } = await succeeded(call('GET', `${account}/conversations?status=all`))
    const listed = data.payload.find(({ id }: { id: number }) => id === shown.id)
    assert.deepEqual(listed, shown)
    assertFields(shown, conversation)
    assertFields(shown.meta, 'sender channel assignee assignee_type team hmac_verified')
    assertFields(shown.meta.sender, contact)
    assertFields(shown.meta.assignee, agent)
    assertFields(shown.meta.team, 'id name description allow_auto_assign account_id is_member')
    assert.deepEqual([shown.meta.team.name, shown.meta.channel], ['fields', 'Channel::Api'])
    // Activity messages are the last ones.
    const [last] = shown.messages
    assertFields(last, pushed)
    assert.equal(last.message_type, 2)
    assertFields(shown.last_non_activity_message, pushed, 'sender')
    assert.equal(shown.last_non_activity_message.content, 'Last')
    const { source_id } = started
    const part = shown.last_non_activity_message.conversation
    assert.deepEqual(part, {
      assignee_id: 1,
      unread_count: 0,
      last_activity_at: shown.last_activity_at,
      contact_inbox: { source_id },
    })
    assert.match(shown.uuid, /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    assert.deepEqual(
      [shown.snoozed_until, shown.first_reply_created_at, shown.agent_last_seen_at, shown.can_reply],
      [null, 0, 0, true],
    )
  })

  it('have the fields of contacts and of their inboxes', async () => {
    const { contact: created, source_id } = await startChatwootConversation(call, { name: 'With fields' })
    assertFields(created, contact, 'contact_inboxes')
    assertFields(created.contact_inboxes[0].inbox, slim)
    assert.equal(created.contact_inboxes[0].source_id, source_id)
    const { payload } = await succeeded(call('GET', `${account}/contacts/${created.id}`))
    assert.deepEqual(payload, created)
    const list = await succeeded(call('GET', `${account}/contacts?include_contact_inboxes=false`))
    assert.ok(!('contact_inboxes' in list.payload[0]))
  })

  it('have the fields of agents, inboxes, labels, teams and settings', async () => {
    const [first] = await succeeded(call('GET', `${account}/agents`))
    assertFields(first, agent)
    const api = await succeeded(call('GET', `${account}/inboxes/1`))
    assertFields(api, inbox, 'webhook_url additional_attributes')
    const websiteId = await addInbox(test, { channel_type: 'web_widget' })
    const website = await succeeded(call('GET', `${account}/inboxes/${websiteId}`))
    assertFields(
      website,
      inbox,
      'website_url website_token widget_color welcome_title welcome_tagline web_widget_script reply_time selected_feature_flags pre_chat_form_enabled pre_chat_form_options',
    )
    assert.equal(website.channel_type, 'Channel::WebWidget')
    const label = await succeeded(call('POST', `${account}/labels`, { label: { title: 'VIP' } }))
    assertFields(label, 'id title description color show_on_sidebar')
    assert.equal(label.title, 'vip')
    const canned = await succeeded(
      call('POST', `${account}/canned_responses`, { short_code: 'hi', content: 'Hello' }),
    )
    assertFields(canned, 'id account_id short_code content created_at updated_at')
    assert.match(canned.created_at, /^\d{4}-\d\d-\d\dT/)
    assert.deepEqual(await succeeded(call('GET', `${account}/canned_responses?search=hi`)), [canned])
    const bot = await succeeded(call('POST', `${account}/agent_bots`, { name: 'A bot' }))
    assertFields(
      bot,
      'id name description thumbnail outgoing_url bot_type bot_config account_id access_token secret system_bot',
    )
    const url = 'https://example.com/hook'
    const subscriptions = ['message_created']
    const { payload } = await succeeded(
      call('POST', `${account}/webhooks`, { webhook: { url, subscriptions } }),
    )
    assertFields(payload.webhook, 'id name url account_id subscriptions secret')
    const profile = await succeeded(call('GET', '/api/v1/profile'))
    assertFields(profile, user)
    assertFields(
      profile.accounts[0],
      'id name status role permissions availability availability_status auto_offline active_at',
    )
  })

  it('show a user who has left the account as the sender of their messages', async () => {
    const { path } = await startChatwootConversation(call)
    const leaver = await addUser(test, { role: 'administrator' })
    const by = { token: leaver.token }
    await succeeded(call('POST', `${path}/messages`, { content: 'From the past' }, by))
    await succeeded(call('DELETE', `${account}/agents/${leaver.userId}`))
    const { payload } = await succeeded(call('GET', `${path}/messages`))
    const { sender } = payload.find((one: { content: string }) => one.content === 'From the past')
    assert.deepEqual([sender.name, sender.availability_status], [leaver.name, 'offline'])
  })
})

const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
