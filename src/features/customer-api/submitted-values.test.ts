import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  type ApiResponse,
  assertRefused,
  sendMessage,
  startTestApp,
  type TestApp,
} from '../../../test/app.ts'
import { eventsOf } from '../../../test/events.ts'

let test: TestApp
let own: string
let contactId: number
let id: number
before(async () => {
  test = await startTestApp()
  const key = (await test.api('/inboxes/1')).body.inbox_identifier
  const base = `//public/api/v1/inboxes/${key}/contacts`
  const contact = (await test.api(base, { method: 'POST', body: {} })).body
  contactId = contact.id
  own = `${base}/${contact.source_id}/conversations`
  id = (await test.api(own, { method: 'POST' })).body.id
})
after(() => test.close())

const sendQuestion = (content_type: string, items?: object[], more: object = {}) =>
  sendMessage(test, 'Please', { content_type, content_attributes: items ? { items } : {}, ...more }, id)
const answer = (message: { id: number }, body: object): Promise<ApiResponse> =>
  test.api(`${own}/${id}/messages/${message.id}`, { method: 'PATCH', body, token: null })
const colors = [
  { title: 'Red', value: 'red' },
  { title: 'Blue', value: 'blue' },
]

describe('The answer to an interactive message', () => {
  it('must be one of the items of a choice, and is sent to agents as an event', async () => {
    const message = await sendQuestion('input_select', colors)
    for (const values of [[{ value: 'green' }], [{ value: 'red' }, { value: 'blue' }]]) {
      assertRefused(await answer(message, { submitted_values: values }), 422, /one of the items/)
    }
    const events = await eventsOf(test, async () => {
      const { status } = await answer(message, { submitted_values: [{ title: 'X', value: 'red' }] })
      assert.equal(status, 200)
    })
    assert.deepEqual(
      events.map(({ name }) => name),
      ['message_updated'],
    )
    const stored = [{ title: 'Red', value: 'red' }]
    assert.deepEqual(events[0]!.data.content_attributes, { items: colors, submitted_values: stored })
  })

  it('is accepted once, even if two arrive at the same time', async () => {
    const message = await sendQuestion('input_select', colors)
    const both = ['red', 'blue'].map((value) => answer(message, { submitted_values: [{ value }] }))
    const statuses = (await Promise.all(both)).map(({ status }) => status)
    assert.deepEqual(statuses.sort(), [200, 409])
    assertRefused(await answer(message, { submitted_values: [{ value: 'red' }] }), 409, /answered/)
  })

  it('must match the fields of a form', async () => {
    const message = await sendQuestion('form', [
      { name: 'mail', label: 'Mail', type: 'email', required: true },
      { name: 'size', label: 'Size', type: 'select', options: [{ label: 'Large', value: 'L' }] },
      { name: 'news', label: 'News', type: 'checkbox' },
    ])
    const mail = { name: 'mail', value: 'ada@example.com' }
    const wrong: [object[], RegExp][] = [
      [[{ name: 'size', value: 'L' }], /mail/],
      [[{ name: 'mail', value: 'nobody' }], /must look like name@/],
      [[mail, mail], /twice/],
      [[mail, { name: 'size', value: 'XS' }], /options/],
      [[mail, { name: 'news', value: 'yes' }], /true or false/],
      [[mail, { name: 'age', value: '7' }], /not a field/],
    ]
    for (const [values, sentence] of wrong) {
      assertRefused(await answer(message, { submitted_values: values }), 422, sentence)
    }
    const right = [mail, { name: 'size', value: 'L' }, { name: 'news', value: true }]
    const { body } = await answer(message, { submitted_values: right })
    assert.deepEqual(body.content_attributes.submitted_values, right)
  })

  it('with an e-mail address changes that of the contact, or becomes a claim if another contact has it', async () => {
    assertRefused(
      await answer(await sendQuestion('input_email'), { submitted_email: 'x' }),
      422,
      /must look like name@/,
    )
    await answer(await sendQuestion('input_email'), { submitted_email: 'New@example.com' })
    assert.equal((await test.api(`/contacts/${contactId}`)).body.email, 'new@example.com')
    const { status } = await answer(await sendQuestion('input_email'), {
      submitted_email: 'jane@example.com',
    })
    assert.equal(status, 200)
    const { email, custom_attributes } = (await test.api(`/contacts/${contactId}`)).body
    assert.equal(email, 'new@example.com')
    assert.equal(custom_attributes.claimed_email, 'jane@example.com')
  })

  it('is refused for plain texts, private notes and messages of another conversation', async () => {
    const values = { submitted_values: [{ value: 'red' }] }
    assertRefused(await answer(await sendMessage(test, 'Hi', {}, id), values), 422, /cannot be sent for/)
    assertRefused(
      await answer(await sendQuestion('input_select', colors, { private: true }), values),
      404,
      /message/,
    )
    const elsewhere = { content_type: 'input_select', content_attributes: { items: colors } }
    assertRefused(await answer(await sendMessage(test, 'Pick', elsewhere), values), 404, /message/)
  })
})

describe('A form', () => {
  it('is refused if a customer could not fill it in', async () => {
    const send = (items: object[]) => {
      const body = {
        content: 'x',
        message_type: 'outgoing',
        content_type: 'form',
        content_attributes: { items },
      }
      return test.api(`/conversations/${id}/messages`, { method: 'POST', body })
    }
    const field = { name: 'a', label: 'A', type: 'text' }
    assertRefused(await send([field, field]), 422, /items\[1\]\.name/)
    assertRefused(await send([{ ...field, type: 'select' }]), 422, /options is required/)
    assert.equal((await send([field])).status, 201)
  })
})
