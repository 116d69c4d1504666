import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import S3rver from '@20minutes/s3rver'
import {
  blobOf,
  type Chatwoot,
  createChatwoot,
  skipWithoutChatwoot,
  storeBlob,
} from '../../../../test/chatwoot.ts'
import {
  addSample,
  botToken,
  hmacKey,
  password,
  visitorSecret,
  websiteToken,
} from '../../../../test/chatwoot-sample.ts'
import {
  counts,
  createTarget,
  type Message,
  type Request,
  type Target,
} from '../../../../test/chatwoot-target.ts'
import { atEnd, temporaryDirectory } from '../../../../test/process.ts'
import { s3Storage } from '../../../files/s3.ts'

describe('An import from Chatwoot', { skip: skipWithoutChatwoot }, () => {
  let chatwoot: Chatwoot
  let target: Target
  let report: string
  const cleanups: (() => unknown)[] = []
  const scope = { after: (clean: () => unknown) => cleanups.push(clean) }
  before(async () => {
    chatwoot = await createChatwoot(scope)
    await addSample(chatwoot)
    const folder = temporaryDirectory(scope)
    const { add } = chatwoot
    const hello = storeBlob(folder, 'helloabcdefgh', Buffer.from('hello'))
    const damaged = storeBlob(folder, 'damagedabcdef', Buffer.from('something else'))
    await add(
      'active_storage_blobs',
      { id: 1, ...hello, filename: 'hello.txt', content_type: 'text/plain' },
      { id: 2, key: 'goneabcdefghi', filename: 'gone.png', byte_size: 5, content_type: 'image/png' },
      { id: 3, ...damaged, filename: 'damaged.txt', checksum: hello.checksum },
    )
    await add(
      'attachments',
      { id: 1, message_id: 1009, account_id: 1, file_type: 3 },
      { id: 2, message_id: 1008, account_id: 1, file_type: 0 },
      { id: 3, message_id: 1009, account_id: 1, file_type: 3 },
      { id: 4, message_id: 1009, account_id: 1, file_type: 4, coordinates_lat: 52.5, coordinates_long: 13.4 },
    )
    for (const id of [1, 2, 3])
      await add('active_storage_attachments', {
        name: 'file',
        record_type: 'Attachment',
        record_id: id,
        blob_id: id,
      })
    target = await createTarget(scope)
    const dryRun = await target.run(chatwoot, '--dry-run', '--files', folder)
    assert.match(dryRun, /Nothing was changed/)
    assert.deepEqual(counts(dryRun, 'messages'), [13, 13, 0, 0, 0])
    report = await target.run(chatwoot, '--files', folder)
    await target.start()
  })
  after(async () => {
    for (const clean of cleanups.reverse()) await clean()
  })

  it('lets integrations go on with their tokens, and people with their passwords', async () => {
    const { body } = await target.api('//api/v1/profile')
    assert.deepEqual([body.id, body.email, body.accounts[0].role], [7, 'alice@example.com', 'administrator'])
    const signIn = (secret: string) =>
      target.api('//auth/sign_in', {
        method: 'POST',
        body: { email: 'alice@example.com', password: secret },
        token: null,
      })
    assert.equal((await signIn('another one')).status, 401)
    assert.equal((await signIn(password)).status, 200)
    const [alice] = await target.query('select password_hash from users where id = 7')
    assert.match(String(alice!.password_hash), /^\$argon2id/)
    assert.equal((await signIn(password)).status, 200)
  })

  it('keeps the ids of users, inboxes, teams, labels, contacts and conversations', async () => {
    const list = async (path: string) => {
      const { body } = await target.api(path)
      return body.payload ?? body
    }
    const { body: agents } = await target.api('/agents')
    assert.deepEqual(
      agents.map((one: Message) => [one.id, one.name, one.role, one.confirmed]),
      [
        [7, 'Alice', 'administrator', true],
        [9, 'Bob', 'agent', true],
        [13, 'Dan', 'agent', false],
      ],
    )
    const inboxes = await list('/inboxes')
    assert.deepEqual(
      inboxes.map((one: Message) => [one.id, one.name, one.channel_type]),
      [
        [4, 'Shop', 'api'],
        [6, 'Website', 'web_widget'],
        [8, 'Support', 'email'],
      ],
    )
    assert.deepEqual(
      (await list('/teams')).map((one: Message) => [one.id, one.name]),
      [[2, 'sales']],
    )
    const labels = await list('/labels')
    assert.deepEqual(
      labels.map((one: Message) => [one.id, one.title, one.description]),
      [
        [6, 'deleted-label', null],
        [5, 'grosse', 'größe'],
        [3, 'vip', null],
      ],
    )
    const { body: next } = await target.api('/contacts', { method: 'POST', body: { name: 'New' } })
    assert.equal(next.payload?.contact?.id ?? next.id, 25)
    const conversation = await target.api('/conversations', {
      method: 'POST',
      body: { inbox_id: 4, contact_id: 21 },
    })
    assert.equal(conversation.body.id, 11)
  })

  it('joins the parts of names, keeps what it has no field for, and merges two spellings of an address', async () => {
    const contact = async (id: number) => (await target.api(`/contacts/${id}`)).body
    const jane = await contact(21)
    assert.deepEqual(
      [jane.name, jane.email, jane.phone_number, jane.identifier, jane.labels],
      ['Jane van Doe', 'jane@example.org', '+4930123456', 'crm-7', ['grosse']],
    )
    assert.deepEqual(jane.additional_attributes, {
      city: 'Berlin',
      country_code: 'DE',
      contact_type: 'customer',
    })
    const odd = await contact(23)
    assert.deepEqual(odd.additional_attributes, { email: 'not an address', phone_number: '0301234' })
    assert.equal((await contact(24)).blocked, true)
    assert.equal((await target.api('/contacts/22')).status, 404)
    assert.equal((await target.api('/conversations/10')).body.contact.id, 21)
    assert.match(report, /1 × contact that is the same as another one: 22 is 21/)
  })

  it('keeps the state of conversations', async () => {
    const conversation = async (id: number) => (await target.api(`/conversations/${id}`)).body
    const first = await conversation(3)
    assert.deepEqual(
      [first.status, first.priority, first.meta.assignee.id, first.meta.team.id, first.unread_count],
      ['open', 'urgent', 9, 2, 2],
    )
    assert.deepEqual([first.labels, first.custom_attributes], [['deleted-label', 'vip'], { order: 7 }])
    const snoozed = await conversation(5)
    assert.deepEqual([snoozed.status, snoozed.snoozed_until], ['snoozed', Date.UTC(2030, 0, 1) / 1000])
    const mail = await conversation(7)
    assert.deepEqual([mail.status, mail.subject, mail.meta.assignee], ['resolved', 'Where is it?', null])
    assert.equal((await target.api('/conversations/9')).status, 404)
    assert.match(report, /1 × conversation without its assignee/)
  })

  it('keeps messages in their order, with what they say', async () => {
    const messages = await target.messages(3)
    assert.deepEqual(
      messages.map((one) => [one.id, one.message_type, one.content, one.sender?.name ?? null]),
      [
        [1001, 'incoming', 'Where is my order?', 'Jane van Doe'],
        [1002, 'outgoing', 'On its way.', 'Bob'],
        [1003, 'outgoing', 'A regular.', 'Carol'],
        [1004, 'incoming', null, 'Jane van Doe'],
        [1005, 'activity', 'Bob resolved it', null],
        [1006, 'outgoing', 'Rate us', null],
        [1007, 'outgoing', 'Pick one', 'Robo'],
        [1008, 'incoming', 'gone.png', 'Jane van Doe'],
        [1009, 'incoming', 'And here', 'Jane van Doe'],
      ],
    )
    const [first, second, third, deleted, , template, choice] = messages
    assert.equal(first.source_id, 'WAID:1')
    assert.deepEqual(second.content_attributes, { in_reply_to: 1001, note: 'NUL  here' })
    assert.deepEqual([second.status, third.private, third.created_at], ['read', true, second.created_at])
    assert.deepEqual(deleted.content_attributes, { deleted: true })
    assert.deepEqual(template.content_attributes, { template: true, content_type: 'input_csat' })
    assert.equal(choice.content_type, 'input_select')
  })

  it('copies files, and says what became of the others', async () => {
    const { attachments, content_attributes } = (await target.messages(3)).at(-1)
    assert.deepEqual(
      attachments.map((one: Message) => [one.file_name, one.file_size]),
      [['hello.txt', 5]],
    )
    assert.equal(await target.file(attachments[0].data_url), 'hello')
    const [location, damaged] = content_attributes.attachments
    assert.deepEqual([location.file_type, location.coordinates_lat], ['location', 52.5])
    assert.equal(damaged.file_name, 'damaged.txt')
    assert.match(report, /1 × file that is gone: message 1008, gone.png/)
    assert.match(report, /1 × file that is damaged.*message 1009, damaged.txt/)
  })

  it('lets the visitors of a website and of the client API go on, and their proofs stay valid', async () => {
    const visitor = `//public/api/v1/inboxes/${websiteToken}/contacts/${visitorSecret}`
    const { body } = await target.api(`${visitor}/conversations`, { token: null })
    assert.deepEqual(
      body.payload?.map((one: Message) => one.id),
      [5],
    )
    const { body: jane } = await target.api('/contacts/21')
    assert.deepEqual(
      jane.contact_inboxes.map((one: Message) => [one.inbox.id, one.source_id]),
      [
        [4, '+4930123456'],
        [4, 'second-name'],
        [4, 'jane-again'],
        [6, null],
      ],
    )
    const identifier_hash = createHmac('sha256', hmacKey).update('crm-7').digest('hex')
    const contacts = '//public/api/v1/inboxes/ApiIdentifierOf24Charact/contacts'
    const proven = await target.api(contacts, {
      method: 'POST',
      body: { identifier: 'crm-7', identifier_hash },
      token: null,
    })
    assert.equal(proven.body.id, 21, JSON.stringify(proven.body))
    const { body: inbox } = await target.api('/inboxes/6')
    assert.deepEqual(inbox.widget.allowed_origins, ['https://*.example.org', 'https://blog.example.com'])
    assert.equal(inbox.website_url, 'https://shop.example.com')
  })

  it('moves bots, webhooks, canned responses and macros, and keeps what does not fit in a file', async () => {
    const { body: bot } = await target.api('/inboxes/4/agent_bot')
    assert.deepEqual([bot.agent_bot.id, bot.agent_bot.outgoing_url], [4, 'https://bot.example.com'])
    const asBot = await target.api('/conversations/3', { token: botToken })
    assert.equal(asBot.status, 200)
    const { body: webhooks } = await target.api('/webhooks')
    assert.deepEqual(
      webhooks.payload.map((one: Message) => [one.url, one.subscriptions, one.inbox_id]),
      [
        ['https://hooks.example.com/chatwoot', [], 4],
        ['https://hooks.example.com/all', ['message_created'], null],
      ],
    )
    const { body: canned } = await target.api('/canned_responses')
    assert.equal(canned.payload[0].short_code, 'hi-there')
    const { body: macros } = await target.api('/macros')
    assert.deepEqual(macros.payload[0].actions, [
      { action_name: 'add_label', action_params: ['grosse'] },
      { action_name: 'change_status', action_params: ['resolved'] },
    ])
    const file = readdirSync(target.reports).find((name) => /Z\.left-over\.jsonl$/.test(name))!
    const rows = readFileSync(join(target.reports, file), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    assert.deepEqual(
      rows.map(({ table }) => table),
      [
        'macros',
        'custom_filters',
        'custom_filters',
        'inboxes',
        'inboxes',
        'inboxes',
        'channel_web_widgets',
        'channel_email',
      ],
    )
    assert.match(report, /reporting_events: 2/)
  })

  it('moves notes about contacts, participants and stored filters', async () => {
    const { payload: notes } = (await target.api('/contacts/21/notes')).body
    assert.deepEqual(
      notes.map((one: Message) => [one.id, one.content, one.user.name]),
      [
        [5, 'Has moved', 'Carol'],
        [3, 'Prefers tea', 'Bob'],
      ],
    )
    const written = await target.api('/contacts/21/notes', { method: 'POST', body: { content: 'New' } })
    assert.equal(written.body.id, 6)
    // Dan does not work in the inbox.
    const { body: participants } = await target.api('/conversations/3/participants')
    assert.deepEqual(
      (participants.payload ?? participants).map((one: Message) => one.name),
      ['Alice', 'Bob'],
    )
    const condition = (attribute_key: string, value: unknown) => {
      return { attribute_key, filter_operator: 'equal_to', values: [value], query_operator: 'AND' }
    }
    const [view, ...others] = await target.query('select name, user_id, filter from views')
    assert.deepEqual([view!.name, view!.user_id, others], ['Gold', 9, []])
    const filter = [condition('labels', 'grosse'), condition('team_id', 2), condition('plan', 'gold')]
    assert.deepEqual(JSON.parse(String(view!.filter)), filter)
    assert.match(
      report,
      /stored filter left out: Mails: there is no field mail_subject, People: only filters of conv/,
    )
  })

  it('finds the messages', async () => {
    const { body } = await target.api('/conversations?q=regular&status=all')
    assert.deepEqual(
      body.data.payload.map((one: Message) => one.id),
      [3],
    )
  })

  it('moves companies, with their ids, domains and contacts', async () => {
    const all = (await target.api('/companies')).body.payload
    assert.deepEqual(
      all.map((one: Message) => [one.id, one.name, one.domain, one.description, one.contacts_count]),
      [
        [5, 'Acme', 'acme.example', 'Anvils', 1],
        [7, 'By mail', null, null, 0],
        [8, 'Globex', null, null, 1],
      ],
    )
    assert.equal((await target.api('/contacts/21')).body.company_id, 5)
    assert.equal((await target.api('/contacts/24')).body.company.name, 'Globex')
    const { body: found } = await target.api('/companies/search?q=acme')
    assert.deepEqual(
      found.payload.map((one: Message) => one.id),
      [5],
    )
    assert.match(report, /company without its domain.*7/)
  })

  it('leaves the stored counts right', () => target.assertCounts())

  it('counts the rows of each table', () => {
    assert.deepEqual(counts(report, 'users'), [3, 3, 0, 0, 0])
    assert.deepEqual(counts(report, 'contacts'), [4, 3, 0, 1, 0])
    assert.deepEqual(counts(report, 'conversations'), [5, 4, 0, 0, 1])
    assert.deepEqual(counts(report, 'messages'), [13, 12, 0, 0, 1])
    assert.deepEqual(counts(report, 'notes'), [3, 3, 0, 0, 0])
    assert.deepEqual(counts(report, 'companies'), [3, 2, 0, 1, 0])
    assert.deepEqual(counts(report, 'conversation_participants'), [3, 2, 0, 0, 1])
    assert.deepEqual(counts(report, 'custom_filters'), [3, 1, 0, 0, 2])
  })
})

describe('A second import from Chatwoot', { skip: skipWithoutChatwoot }, () => {
  it('brings what is new or has changed, and leaves what was changed here later', async (t) => {
    const chatwoot = await createChatwoot(t)
    await addSample(chatwoot)
    const target = await createTarget(t)
    await target.run(chatwoot)
    await target.start()
    // Written here between the two: the ids that Chatwoot gives next.
    const send = async (content: string, id: number) => {
      const body = { content, message_type: 'outgoing' }
      return (await target.api(`/conversations/${id}/messages`, { method: 'POST', body })).body
    }
    await send('From here', 3)
    assert.equal((await send('And again', 3)).id, 1015)
    await target.api('/contacts/24', { method: 'PATCH', body: { name: 'Renamed here' } })
    const message = { account_id: 1, inbox_id: 4, message_type: 0, sender_type: 'Contact', sender_id: 21 }
    await chatwoot.add(
      'messages',
      { ...message, id: 1015, conversation_id: 501, content: 'Newer' },
      { ...message, id: 1016, conversation_id: 502, content: 'Newer elsewhere' },
    )
    const now = "now() at time zone 'UTC'"
    await target.api('/contacts/21/notes/5', { method: 'PATCH', body: { content: 'Changed here' } })
    await chatwoot.run(`update notes set content = 'Changed there' where id = 5`)
    await chatwoot.run(`update notes set content = 'Prefers coffee', updated_at = ${now} where id = 3`)
    assert.equal((await target.api('/contacts/24/notes/4', { method: 'DELETE' })).status, 204)
    await chatwoot.run(`update notes set content = 'And again', updated_at = ${now} where id = 4`)
    await chatwoot.add('notes', { id: 7, account_id: 1, contact_id: 24, content: 'Newer', user_id: 99 })
    const users = { user_ids: [9] }
    await target.api('/conversations/3/participants', { method: 'DELETE', body: users })
    const deleted = JSON.stringify({ deleted: true })
    await chatwoot.run(
      `update messages set content_attributes = '${deleted}', updated_at = ${now} where id = 1001`,
    )
    await chatwoot.run(`update messages set status = 2, updated_at = ${now} where id = 1010`)
    await chatwoot.run(`update contacts set name = 'Janet', updated_at = ${now} where id = 21`)
    await chatwoot.run(`update conversations set status = 1, updated_at = ${now} where id = 501`)
    await chatwoot.run("delete from taggings where taggable_type = 'Conversation'")
    await target.api('/companies/8', { method: 'DELETE' })
    const here = (await target.api('/companies', { method: 'POST', body: { name: 'Here' } })).body
    await chatwoot.add('companies', {
      id: here.id,
      account_id: 1,
      name: 'Newer',
      domain: 'newer.example',
    })
    await chatwoot.run(`update contacts set company_id = ${here.id} where id = 21`)
    // It has no company there, and changes there later than here.
    const withCompany = { method: 'PATCH', body: { company_id: here.id } }
    assert.equal((await target.api('/contacts/23', withCompany)).status, 200)
    const later = `${now} + interval '1 second'`
    await chatwoot.run(`update contacts set name = 'Bob', updated_at = ${later} where id = 23`)
    const report = await target.run(chatwoot)
    const names = (await target.api('/companies')).body.payload.map((one: Message) => one.name)
    assert.deepEqual(names, ['Acme', 'By mail', 'Here', 'Newer'])
    assert.equal((await target.api('/contacts/21')).body.company.name, 'Newer')
    const { body: bob } = await target.api('/contacts/23')
    assert.deepEqual([bob.name, bob.company.name], ['Bob', 'Here'])
    assert.match(report, /company with another id/)
    assert.deepEqual(counts(report, 'messages').slice(1, 3), [2, 2])
    const messages = await target.messages(3)
    assert.deepEqual(
      messages.slice(-3).map((one) => one.content),
      ['From here', 'And again', 'Newer'],
    )
    assert.equal(messages[0].content, null)
    assert.ok(messages.at(-1).id > 1016)
    const elsewhere = (await target.messages(5)).map((one) => [one.id, one.content, one.status])
    assert.deepEqual(elsewhere, [
      [1010, 'Hello?', 'read'],
      [1016, 'Newer elsewhere', 'sent'],
    ])
    const notes = await target.query('select id, content, author_id from contact_notes order by id')
    assert.deepEqual(
      notes.map(({ id, content, author_id }) => [id, content, author_id]),
      [
        [3, 'Prefers coffee', 9],
        [5, 'Changed here', 11],
        [7, 'Newer', 7],
      ],
    )
    const { body: participants } = await target.api('/conversations/3/participants')
    assert.deepEqual(
      (participants.payload ?? participants).map((one: Message) => one.id),
      [7],
    )
    const { body: conversation } = await target.api('/conversations/3')
    assert.deepEqual([conversation.status, conversation.labels], ['resolved', []])
    assert.equal((await target.api('/contacts/21')).body.name, 'Janet van Doe')
    assert.equal((await target.api('/contacts/24')).body.name, 'Renamed here')
    await target.assertCounts()
    const again = await target.run(chatwoot)
    assert.deepEqual(counts(again, 'messages').slice(1, 3), [0, 0])
    assert.deepEqual(counts(again, 'contacts').slice(1, 3), [0, 0])
  })

  it('finds messages that were merged and split off here meanwhile, and brings new ones there', async (t) => {
    const chatwoot = await createChatwoot(t)
    await addSample(chatwoot)
    const conversation = { account_id: 1, inbox_id: 4, contact_id: 21, contact_inbox_id: 42, status: 0 }
    await chatwoot.add('conversations', { ...conversation, id: 507, display_id: 11 })
    const message = { account_id: 1, inbox_id: 4, message_type: 0, sender_type: 'Contact', sender_id: 21 }
    const add = (id: number, content: string) =>
      chatwoot.add('messages', { ...message, id, conversation_id: 507, content })
    await add(1020, 'To merge')
    await add(1021, 'To split off')
    const target = await createTarget(t)
    await target.run(chatwoot)
    await target.start()
    const post = async (path: string, body: object) => {
      const answer = await target.api(path, { method: 'POST', body })
      assert.ok(answer.status < 300, JSON.stringify(answer.body))
      return answer.body
    }
    const { id } = await post('/conversations/11/split', { message_ids: [1021] })
    await post('/conversations/3/merge', { mergee_conversation_id: 11 })
    await add(1022, 'New after the merge')
    const now = "now() at time zone 'UTC'"
    const changed = `status = 2, updated_at = ${now} + interval '1 second'`
    await chatwoot.run(`update messages set ${changed} where id in (1020, 1021)`)
    await chatwoot.run(`update conversations set ${changed} where id = 507`)
    const report = await target.run(chatwoot)
    assert.deepEqual(counts(report, 'messages').slice(1, 3), [1, 2])
    assert.deepEqual(counts(report, 'conversations').slice(1, 3), [0, 0])
    const shown = async (conversation: number) =>
      (await target.messages(conversation)).map((one) => [one.id, one.content, one.status])
    assert.deepEqual((await shown(3)).slice(-2), [
      [1020, 'To merge', 'read'],
      [1022, 'New after the merge', 'sent'],
    ])
    assert.deepEqual((await shown(id)).slice(0, 1), [[1021, 'To split off', 'read']])
    const rows = await target.query('select status, unread_count from conversations where id = 11')
    assert.deepEqual(rows, [{ status: 'resolved', unread_count: 0 }])
    await target.assertCounts()
    const again = await target.run(chatwoot)
    assert.deepEqual(counts(again, 'messages').slice(1, 3), [0, 0])
  })

  it('finds messages that stay where they are when a merge is undone', async (t) => {
    const chatwoot = await createChatwoot(t)
    await addSample(chatwoot)
    const conversation = { account_id: 1, inbox_id: 4, contact_id: 21, contact_inbox_id: 42, status: 0 }
    await chatwoot.add('conversations', { ...conversation, id: 507, display_id: 11 })
    const message = { account_id: 1, inbox_id: 4, message_type: 0, sender_type: 'Contact', sender_id: 21 }
    const add = (id: number, content: string | null) =>
      chatwoot.add('messages', { ...message, id, conversation_id: 507, content })
    await add(1020, 'To merge')
    await add(1021, 'To merge and split off')
    const target = await createTarget(t)
    await target.run(chatwoot)
    await target.start()
    const call = async (method: string, path: string, body?: object) => {
      const answer = await target.api(path, body ? { method, body } : { method })
      assert.ok(answer.status < 300, JSON.stringify(answer.body))
      return answer.body
    }
    await call('POST', '/conversations/3/merge', { mergee_conversation_id: 11 })
    const { id } = await call('POST', '/conversations/3/split', { message_ids: [1021] })
    await add(1022, 'New after the merge')
    await add(1023, null)
    await target.run(chatwoot)
    await call('DELETE', '/conversations/11/merge')
    await chatwoot.run(
      `update messages set status = 2, updated_at = now() at time zone 'UTC' + interval '1 second'
        where id between 1020 and 1023`,
    )
    const report = await target.run(chatwoot)
    assert.deepEqual(counts(report, 'messages').slice(1, 3), [0, 4])
    const rows = await target.query(
      'select conversation_id, id, status from messages where id between 1020 and 1023 order by id',
    )
    assert.deepEqual(rows, [
      { conversation_id: 11, id: 1020, status: 'read' },
      { conversation_id: id, id: 1021, status: 'read' },
      { conversation_id: 3, id: 1022, status: 'read' },
      { conversation_id: 3, id: 1023, status: 'read' },
    ])
    await target.assertCounts()
  })

  it('gives other ids to rows whose ids are taken, and finds them again', async (t) => {
    const chatwoot = await createChatwoot(t)
    await addSample(chatwoot)
    const target = await createTarget(t)
    const app = await target.start()
    const { token } = app.installation!
    const own = async (content: string) => {
      const body = { content, message_type: 'outgoing' }
      await target.api('/conversations/1/messages', { method: 'POST', body, token })
    }
    for (const content of ['One', 'Two']) await own(content)
    const api = (path: string, request: Request = {}) => target.api(path, { ...request, token })
    const inboxes = Array.from({ length: 5 }, (_, index) => ({
      name: `Own ${index}`,
      channel: { type: 'api' },
    }))
    for (const body of inboxes) await api('/inboxes', { method: 'POST', body })
    for (let id = 2; id <= 4; id++)
      await api('/conversations', { method: 'POST', body: { inbox_id: 1, contact_id: 1 } })
    await target.run(chatwoot)
    const report = await target.run(chatwoot)
    assert.deepEqual(counts(report, 'conversations').slice(1, 3), [0, 0])
    const { body: list } = await api('/inboxes')
    assert.deepEqual(
      list.payload.slice(-3).map((one: Message) => [one.id, one.name]),
      [
        [8, 'Support'],
        [9, 'Shop'],
        [10, 'Website'],
      ],
    )
    const { body: moved } = await api('/conversations/11')
    assert.deepEqual([moved.inbox_id, moved.contact.id, moved.labels], [9, 21, ['deleted-label', 'vip']])
    const { payload } = (await api('/conversations/11/messages')).body
    assert.equal(payload[0].content, 'Where is my order?')
    await chatwoot.run(
      `update messages set content = 'Edited', updated_at = now() at time zone 'UTC' where id = 1001`,
    )
    await target.run(chatwoot)
    assert.equal((await api('/conversations/11/messages')).body.payload[0].content, 'Edited')
  })

  it('continues after the first one was killed', async (t) => {
    const chatwoot = await createChatwoot(t)
    await addSample(chatwoot)
    const target = await createTarget(t)
    await chatwoot.run(`insert into messages (id, account_id, inbox_id, conversation_id, message_type, content, created_at)
      select id, 1, 4, 501, 0, 'Message ' || id, timestamp '2026-03-02' + id * interval '1 second'
      from generate_series(2001, 14000) id`)
    await target.killAfterMessages(chatwoot, 500)
    const report = await target.run(chatwoot)
    const [, stored, changed, known] = counts(report, 'messages')
    assert.ok(stored! < 12_000 && stored! > 0, report)
    assert.deepEqual([changed, known! > 0], [0, true])
    await target.start()
    const messages = await target.messages(3)
    assert.equal(messages.length, 12_009)
    assert.deepEqual(
      messages.slice(9).map(({ id }) => id),
      Array.from({ length: 12_000 }, (_, index) => 2001 + index),
    )
  })

  it('imports only conversations with activity since a time', async (t) => {
    const chatwoot = await createChatwoot(t)
    await addSample(chatwoot)
    await chatwoot.run("update conversations set last_activity_at = '2020-01-01' where id <> 502")
    const target = await createTarget(t)
    const report = await target.run(chatwoot, '--since', '2025-06-01')
    assert.deepEqual(counts(report, 'conversations').slice(0, 2), [5, 1])
    assert.deepEqual(counts(report, 'messages').slice(0, 2), [13, 1])
  })

  it('takes over the definitions of custom attributes, without the patterns that cannot be used', async (t) => {
    const chatwoot = await createChatwoot(t)
    await addSample(chatwoot)
    const row = { account_id: 1, attribute_display_name: 'Some name' }
    await chatwoot.add(
      'custom_attribute_definitions',
      {
        ...row,
        attribute_key: 'plan',
        attribute_model: 1,
        attribute_display_type: 6,
        attribute_values: ['a', 'b'],
      },
      { ...row, attribute_key: 'order', regex_pattern: '/^\\d+$/', regex_cue: 'digits' },
      { ...row, attribute_key: 'code', regex_pattern: '/(?=a)a/' },
      { ...row, attribute_key: 'company size', attribute_display_type: 1 },
    )
    const target = await createTarget(t)
    const report = await target.run(chatwoot)
    assert.deepEqual(counts(report, 'custom_attribute_definitions').slice(0, 2), [4, 3])
    assert.match(report, /custom attribute without its pattern.*code/)
    assert.match(report, /custom attribute definition left out.*company size/)
    await target.start()
    const { payload } = (await target.api('/custom_attribute_definitions')).body
    const shown = payload.map((one: Record<string, unknown>) =>
      [one.attribute_key, one.attribute_model, one.attribute_display_type, one.regex_pattern].join(' '),
    )
    assert.deepEqual(shown, [
      'plan contact_attribute list ',
      'order conversation_attribute text /^\\d+$/',
      'code conversation_attribute text ',
    ])
  })

  it('goes on without columns and tables of newer versions', async (t) => {
    const chatwoot = await createChatwoot(t)
    await addSample(chatwoot)
    await chatwoot.run(`alter table conversations drop column assignee_agent_bot_id;
      alter table channel_api drop column secret; alter table channel_web_widgets drop column allowed_domains;
      drop table macros; drop table custom_attribute_definitions`)
    const target = await createTarget(t)
    const report = await target.run(chatwoot)
    assert.deepEqual(counts(report, 'messages').slice(0, 2), [13, 12])
  })

  it('refuses a database of something else, and an account that does not exist', async (t) => {
    const chatwoot = await createChatwoot(t)
    const target = await createTarget(t)
    assert.match(await target.refused(chatwoot), /Chatwoot has no account 1/)
    await chatwoot.run('drop table messages')
    assert.match(await target.refused(chatwoot), /not a database of Chatwoot: it has no table messages/)
  })

  it('reads files from a bucket', async (t) => {
    const chatwoot = await createChatwoot(t)
    await addSample(chatwoot)
    const directory = temporaryDirectory(t)
    const configureBuckets = [{ name: 'chatwoot', configs: [] }]
    const service = new S3rver({ port: 0, address: '127.0.0.1', silent: true, directory, configureBuckets })
    const { port } = await service.run()
    atEnd(t, () => service.close())
    const place = `s3+http://S3RVER:S3RVER@127.0.0.1:${port}/chatwoot`
    const bytes = Buffer.from('from the bucket')
    const file = join(directory, 'source')
    writeFileSync(file, bytes)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    await s3Storage(place).put('bucketkey123', { path: file, size: bytes.length, sha256 })
    await chatwoot.add('active_storage_blobs', { id: 1, ...blobOf('bucketkey123', bytes), filename: 'b.txt' })
    await chatwoot.add('attachments', { id: 1, message_id: 1009, account_id: 1, file_type: 3 })
    const attachment = { name: 'file', record_type: 'Attachment', record_id: 1, blob_id: 1 }
    await chatwoot.add('active_storage_attachments', attachment)
    const target = await createTarget(t)
    await target.run(chatwoot, '--files', place)
    await target.start()
    const [{ data_url }] = (await target.messages(3)).at(-1).attachments
    assert.equal(await target.file(data_url), 'from the bucket')
  })
})
