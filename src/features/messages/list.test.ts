import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  type ApiResponse,
  assertRefused,
  sendMessage,
  startTestApp,
  type TestApp,
} from '../../../test/app.ts'
import { addMessages, addTestConversation, type MessageRow } from '../../../test/factories.ts'

let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => test.close())

/** Lists messages of a conversation, and returns their ids and the cursors. */
async function list(
  conversationId: number,
  query = '',
): Promise<{ ids: number[]; meta: ApiResponse['body'] }> {
  const response = await test.api(`/conversations/${conversationId}/messages?${query}`)
  assert.equal(response.status, 200, JSON.stringify(response.body))
  const { payload, meta } = response.body
  return { ids: payload.map(({ id }: { id: number }) => id), meta }
}

async function conversationOf(rows: MessageRow[]): Promise<{ number: number; ids: number[] }> {
  const number = await addTestConversation(test)
  return { number, ids: await addMessages(test, number, rows) }
}

const rows = (count: number) => Array.from({ length: count }, () => ({}))
const noMore = { before_id: null, after_id: null }

describe('the list of messages', () => {
  it('shows the conversation of a new installation as the reference does', async () => {
    const { status, body } = await test.api('/conversations/1/messages')
    assert.equal(status, 200)
    assert.deepEqual(Object.keys(body), ['payload', 'meta'])
    const [message] = body.payload
    assert.equal(message.content, 'Hi, I need help with my order.')
    assert.equal(message.message_type, 'incoming')
    assert.equal(message.private, false)
    assert.deepEqual(message.sender, { id: 1, name: 'Jane Doe', type: 'Contact', avatar_url: null })
    assert.deepEqual(message.attachments, [])
    assert.ok(Number.isSafeInteger(message.created_at))
    assert.deepEqual(body.meta, noMore)
  })

  it('has each field of a message and no other', async () => {
    const [message] = (await test.api('/conversations/1/messages')).body.payload
    const fields = `id content content_type content_attributes message_type status private created_at updated_at
      conversation_id inbox_id echo_id source_id sender attachments`
    assert.deepEqual(Object.keys(message), fields.split(/\s+/))
  })

  it('shows each change at once on a page that is requested repeatedly', async () => {
    const number = await addTestConversation(test)
    const path = `/conversations/${number}/messages`
    // Often enough that the page is cached.
    const page = async () => {
      const all = []
      for (let time = 0; time < 4; time++) all.push((await test.api(`${path}?limit=5`)).body.payload)
      for (const one of all) assert.deepEqual(one, all[0])
      return all[0]
    }
    const { id } = await sendMessage(test, 'first', {}, number)
    assert.equal((await page())[0].content, 'first')
    const second = await sendMessage(test, 'second', {}, number)
    assert.deepEqual((await page())[1], second)
    await test.api(`${path}/${id}`, { method: 'PATCH', body: { content: 'edited' } })
    assert.equal((await page())[0].content, 'edited')
    const { body: delivered } = await test.api(`${path}/${id}`, {
      method: 'PATCH',
      body: { status: 'delivered' },
    })
    assert.deepEqual((await page())[0], delivered)
    await test.api(`${path}/${id}`, { method: 'DELETE' })
    assert.deepEqual(await page(), [second])
  })

  it('shows the new names of its senders at once: a user, a bot, and a contact of another conversation', async () => {
    const [number, other] = [await addTestConversation(test), await addTestConversation(test)]
    const { body: bot } = await test.api('/agent_bots', { method: 'POST', body: { name: 'Bot' } })
    await sendMessage(test, 'from the user', {}, number)
    const given = { assignee_id: bot.id, assignee_type: 'AgentBot' }
    await test.api(`/conversations/${number}/assignments`, { method: 'POST', body: given })
    const path = `/conversations/${number}/messages`
    const byBot = { content: 'from the bot', message_type: 'outgoing' }
    const sent = await test.api(path, { method: 'POST', body: byBot, token: bot.access_token })
    assert.equal(sent.status, 201, JSON.stringify(sent.body))
    const { id } = await sendMessage(test, 'from the guest', { message_type: 'incoming' }, number)
    const guest = (await test.api(`/conversations/${other}`)).body.contact.id
    await test.app.database.transaction(1, async (tx) => {
      const key = { account_id: 1, conversation_id: number, message_id: id }
      await tx.sql
        .insertInto('guest_messages')
        .values({ ...key, contact_id: guest })
        .execute()
      await tx.sql.updateTable('messages').set({ sender_id: guest }).where('id', '=', id).execute()
    })
    // Often enough that the page is cached.
    const names = async () => {
      const all = []
      for (let time = 0; time < 4; time++) all.push((await test.api(`${path}?limit=5`)).body.payload)
      return all.at(-1).flatMap(({ sender }: { sender: { name: string } | null }) => sender?.name ?? [])
    }
    const change = (path: string, name: string) => test.api(path, { method: 'PATCH', body: { name } })
    const [user] = await names()
    assert.deepEqual(await names(), [user, 'Bot', 'John Smith'])
    await change(`/agent_bots/${bot.id}`, 'New bot')
    assert.deepEqual(await names(), [user, 'New bot', 'John Smith'])
    await change(`/contacts/${guest}`, 'New guest')
    assert.deepEqual(await names(), [user, 'New bot', 'New guest'])
    await change('//api/v1/profile', 'New user')
    assert.deepEqual(await names(), ['New user', 'New bot', 'New guest'])
    await change('//api/v1/profile', user)
  })

  it('is empty if there are no messages', async () => {
    assert.deepEqual(await list(await addTestConversation(test)), { ids: [], meta: noMore })
  })

  it('is sorted from the oldest to the newest', async () => {
    const number = await addTestConversation(test)
    for (const content of ['one', 'two', 'three']) await sendMessage(test, content, {}, number)
    const { payload } = (await test.api(`/conversations/${number}/messages`)).body
    assert.deepEqual(
      payload.map(({ content }: { content: string }) => content),
      ['one', 'two', 'three'],
    )
  })

  it('shows an activity message without a sender', async () => {
    const activity = { message_type: 'activity', sender_type: null, sender_id: null } as const
    const { number } = await conversationOf([activity])
    const [message] = (await test.api(`/conversations/${number}/messages`)).body.payload
    assert.equal(message.message_type, 'activity')
    assert.equal(message.sender, null)
  })

  it('names the id and the type of a sender who no longer exists', async () => {
    for (const type of ['User', 'Contact', 'AgentBot'] as const) {
      const { number } = await conversationOf([{ sender_type: type, sender_id: 999_999 }])
      const [message] = (await test.api(`/conversations/${number}/messages`)).body.payload
      assert.deepEqual(message.sender, { id: 999_999, name: '', type, avatar_url: null })
    }
  })

  it('contains no message of another conversation', async () => {
    const [one, two] = [await conversationOf(rows(3)), await conversationOf(rows(3))]
    const more = await addMessages(test, one.number, rows(2))
    assert.deepEqual((await list(one.number)).ids, [...one.ids, ...more])
    assert.deepEqual((await list(two.number)).ids, two.ids)
    const around = await list(two.number, `around_id=${one.ids[0]}&limit=10`)
    assert.deepEqual(around, { ids: two.ids, meta: noMore })
  })

  it('ignores unknown query parameters', async () => {
    assert.equal((await test.api('/conversations/1/messages?page=2&_=1700000000')).body.payload.length, 1)
  })
})

describe('before and after', () => {
  const at = [1_700_000_000_900, 1_700_000_001_000, 1_700_000_001_999, 1_700_000_002_000, 1_700_000_007_500]
  let number: number
  let ids: number[]
  before(async () => {
    ;({ number, ids } = await conversationOf(at.map((created_at) => ({ created_at }))))
  })

  const windows: [string, string, number[]][] = [
    ['exclude the second of after', 'after=1700000000', [1, 2, 3, 4]],
    ['exclude the whole second of after, as the API shows times', 'after=1700000001', [3, 4]],
    ['exclude the second in which a fraction of after lies', 'after=1700000001.5', [3, 4]],
    ['include the second that follows a fraction of after', 'after=1699999999.999', [0, 1, 2, 3, 4]],
    ['accept the fraction .0 in after', 'after=1700000001.0', [3, 4]],
    ['return nothing after the last message', 'after=1700000007', []],
    ['exclude the second of before', 'before=1700000001', [0]],
    ['include the second in which a fraction of before lies', 'before=1700000001.5', [0, 1, 2]],
    ['include the second in which a small fraction of before lies', 'before=1700000000.001', [0]],
    ['accept the fraction .0 in before', 'before=1700000002.0', [0, 1, 2]],
    ['return nothing before the first message', 'before=1700000000', []],
    ['return the window between both', 'after=1700000000&before=1700000002', [1, 2]],
    ['return the window between both with fractions', 'after=1700000001.5&before=1700000007.5', [3, 4]],
    ['return nothing if the window has no messages', 'after=1700000002&before=1700000007', []],
    ['return nothing if after is later than before', 'after=1700000007&before=1700000001', []],
    ['return nothing if both are equal', 'after=1700000001&before=1700000001', []],
    ['return all messages after zero', 'after=0', [0, 1, 2, 3, 4]],
    ['return all messages after a negative time', 'after=-1', [0, 1, 2, 3, 4]],
    ['return nothing before a negative time', 'before=-0.5', []],
    ['return all messages before a distant time', 'before=9999999999999999', [0, 1, 2, 3, 4]],
    ['return nothing after a distant time', 'after=9999999999999999', []],
    [
      'return the latest messages of a window with limit',
      'after=1700000000&before=1700000007&limit=2',
      [2, 3],
    ],
  ]
  for (const [name, query, expected] of windows) {
    it(name, async () => {
      assert.deepEqual(
        (await list(number, query)).ids,
        expected.map((index) => ids[index]),
      )
    })
  }

  it('return cursors that stay inside the window', async () => {
    const window = 'after=1700000000&before=1700000007'
    const latest = await list(number, `${window}&limit=2`)
    assert.deepEqual(latest.meta, { before_id: ids[2], after_id: null })
    const older = await list(number, `${window}&limit=2&before_id=${latest.meta.before_id}`)
    assert.deepEqual(older, { ids: [ids[1]], meta: { before_id: null, after_id: ids[1] } })
  })

  for (const text of [
    'abc',
    '',
    'NaN',
    'Infinity',
    '1e9',
    '0x10',
    '1,5',
    '1.',
    '.5',
    '%201',
    '2024-04-01',
    '%00',
    'null',
  ]) {
    it(`refuse "${text}", which is not a number`, async () => {
      for (const name of ['before', 'after']) {
        const response = await test.api(`/conversations/1/messages?${name}=${text}`)
        assertRefused(response, 400, new RegExp(`^${name} must be a number$`))
      }
    })
  }

  it('are refused if they are given twice', async () => {
    const response = await test.api('/conversations/1/messages?before=1&before=2')
    assertRefused(response, 400, /^before /)
  })
})

describe('a list without limit', () => {
  for (const count of [1, 199, 200, 201, 400, 5003]) {
    it(`contains each of ${count} messages once`, async () => {
      const { number, ids } = await conversationOf(rows(count))
      assert.deepEqual(await list(number), { ids, meta: noMore })
    })
  }

  it('is sent as a stream if it is long, otherwise with its length', async () => {
    const { number } = await conversationOf(rows(3000))
    const many = await test.api(`/conversations/${number}/messages`)
    assert.equal(many.headers.get('content-length'), null)
    const few = await test.api(`/conversations/${number}/messages?limit=20`)
    assert.equal(Number(few.headers.get('content-length')), Buffer.byteLength(JSON.stringify(few.body)))
  })

  it('can have windows, cursors and deleted messages if it is a stream, too', async () => {
    const deleted = (index: number) => index % 7 === 0 || index < 3 || index > 2996
    const { number, ids } = await conversationOf(
      Array.from({ length: 3000 }, (_, i) => ({
        created_at: 1_700_000_000_000 + i * 100,
        deleted: deleted(i),
      })),
    )
    const visible = ids.filter((_, index) => !deleted(index))
    assert.deepEqual(await list(number), { ids: visible, meta: noMore })
    assert.deepEqual((await list(number, 'include_deleted=true')).ids, ids)
    const window = await list(number, 'after=1700000009&before=1700000250')
    assert.deepEqual(
      window.ids,
      visible.filter((id) => id >= ids[100]! && id < ids[2500]!),
    )
    const [from, to] = [ids[500]!, ids[2400]!]
    const newer = await list(number, `after_id=${from}`)
    assert.deepEqual(newer, {
      ids: visible.filter((id) => id > from),
      meta: { before_id: visible.find((id) => id > from), after_id: null },
    })
    const older = await list(number, `before_id=${to}`)
    assert.deepEqual(older, {
      ids: visible.filter((id) => id < to),
      meta: { before_id: null, after_id: visible.findLast((id) => id < to) },
    })
  })

  it('does not block other requests, and may be canceled by the reader', async () => {
    const { number } = await conversationOf(rows(6000))
    const url = `${test.app.url}/api/v1/accounts/1/conversations/${number}/messages`
    const response = await fetch(url, { headers: { api_access_token: test.token } })
    const reader = response.body!.getReader()
    assert.equal((await reader.read()).done, false)
    assert.equal((await test.api('//health')).status, 200)
    await reader.cancel()
    assert.equal((await list(number)).ids.length, 6000)
  })
})

describe('very long messages', () => {
  let number: number
  let ids: number[]
  before(async () => {
    // Control characters take six bytes each in JSON.
    const long = { content: '\u0001'.repeat(150_000) }
    ;({ number, ids } = await conversationOf(rows(24).map((_, index) => (index % 2 ? long : {}))))
  })

  it('make a page shorter than its limit, and its cursors lead to the others in both directions', async () => {
    const forwards: number[] = []
    for (let after: number | null = 0; after !== null; ) {
      const page = await list(number, `limit=24&after_id=${after}`)
      assert.ok(page.ids.length > 0 && page.ids.length < 24)
      forwards.push(...page.ids)
      after = page.meta.after_id
    }
    assert.deepEqual(forwards, ids)
    const backwards: number[] = []
    for (let before: number | null = ids.at(-1)! + 1; before !== null; ) {
      const page = await list(number, `limit=24&before_id=${before}`)
      backwards.unshift(...page.ids)
      before = page.meta.before_id
    }
    assert.deepEqual(backwards, ids)
  })

  it('are all returned, both around a message and without a limit', async () => {
    assert.deepEqual(await list(number), { ids, meta: noMore })
    const around = await list(number, `limit=24&around_id=${ids[12]}`)
    assert.ok(around.ids.includes(ids[12]!) && around.ids.includes(ids[11]!))
    const from = ids.indexOf(around.ids[0]!)
    assert.deepEqual(around.ids, ids.slice(from, from + around.ids.length), 'there is a hole in the page')
  })
})

describe('a page', () => {
  let number: number
  let ids: number[]
  before(async () => {
    // All in the same second, so that times cannot distinguish them.
    ;({ number, ids } = await conversationOf(rows(10).map(() => ({ created_at: 1_700_000_000_000 }))))
  })

  /** The expected page with the messages `from` to `to` of the ten. */
  const part = (from: number, to: number, meta: object) => ({ ids: ids.slice(from, to), meta })

  it('contains the latest messages if there is only a limit', async () => {
    assert.deepEqual(await list(number, 'limit=3'), part(7, 10, { before_id: ids[7], after_id: null }))
  })

  it('contains all messages if the limit is large enough', async () => {
    for (const limit of [10, 11, 1000])
      assert.deepEqual(await list(number, `limit=${limit}`), part(0, 10, noMore))
  })

  it('contains the nearest older messages with before_id', async () => {
    const query = `limit=3&before_id=${ids[7]}`
    assert.deepEqual(await list(number, query), part(4, 7, { before_id: ids[4], after_id: ids[6] }))
  })

  it('contains the nearest newer messages with after_id', async () => {
    const query = `limit=3&after_id=${ids[2]}`
    assert.deepEqual(await list(number, query), part(3, 6, { before_id: ids[3], after_id: ids[5] }))
  })

  it('has no cursor on a side without more messages', async () => {
    const oldest = part(0, 3, { before_id: null, after_id: ids[2] })
    assert.deepEqual(await list(number, `limit=3&before_id=${ids[3]}`), oldest)
    assert.deepEqual(await list(number, `limit=7&before_id=${ids[3]}`), oldest)
    const newest = part(7, 10, { before_id: ids[7], after_id: null })
    assert.deepEqual(await list(number, `limit=3&after_id=${ids[6]}`), newest)
  })

  it('contains the message with as many older as newer ones with around_id', async () => {
    const odd = part(4, 7, { before_id: ids[4], after_id: ids[6] })
    assert.deepEqual(await list(number, `limit=3&around_id=${ids[5]}`), odd)
    const even = part(3, 7, { before_id: ids[3], after_id: ids[6] })
    assert.deepEqual(await list(number, `limit=4&around_id=${ids[5]}`), even)
    const alone = part(5, 6, { before_id: ids[5], after_id: ids[5] })
    assert.deepEqual(await list(number, `limit=1&around_id=${ids[5]}`), alone)
  })

  it('is filled from the other side with around_id near an end', async () => {
    const first = part(0, 4, { before_id: null, after_id: ids[3] })
    assert.deepEqual(await list(number, `limit=4&around_id=${ids[0]}`), first)
    const last = part(6, 10, { before_id: ids[6], after_id: null })
    assert.deepEqual(await list(number, `limit=4&around_id=${ids[9]}`), last)
  })

  it('is empty or contains the nearest messages with a cursor beyond an end', async () => {
    const [first, last] = [ids[0]!, ids[9]!]
    const beyond = Number.MAX_SAFE_INTEGER
    assert.deepEqual((await list(number, `limit=3&before_id=${first}`)).ids, [])
    assert.deepEqual((await list(number, `limit=3&after_id=${last}`)).ids, [])
    assert.deepEqual((await list(number, `limit=3&before_id=${beyond}`)).ids, ids.slice(7))
    assert.deepEqual((await list(number, `limit=3&after_id=1`)).ids, ids.slice(0, 3))
    assert.deepEqual((await list(number, `limit=3&around_id=${beyond}`)).ids, ids.slice(7))
    assert.deepEqual((await list(number, `limit=3&around_id=1`)).ids, ids.slice(0, 3))
  })

  it('has a cursor back to the messages if it is empty', async () => {
    const newest = await list(number, `limit=3&after_id=${ids[9]}`)
    assert.equal(newest.meta.after_id, null)
    const back = await list(number, `limit=3&before_id=${newest.meta.before_id}`)
    assert.deepEqual(back.ids, ids.slice(7))
    const oldest = await list(number, `limit=3&before_id=${ids[0]}`)
    assert.equal(oldest.meta.before_id, null)
    const forward = await list(number, `limit=3&after_id=${oldest.meta.after_id}`)
    assert.deepEqual(forward.ids, ids.slice(0, 3))
  })

  it('has a cursor back to the messages at the lowest and the highest possible id', async () => {
    const first = await list(1, 'limit=3&before_id=1')
    assert.deepEqual(first.ids, [])
    assert.deepEqual((await list(1, `limit=3&after_id=${first.meta.after_id}`)).ids, [1])
    const last = await list(number, `limit=3&after_id=${Number.MAX_SAFE_INTEGER}`)
    assert.deepEqual(last.ids, [])
    assert.deepEqual((await list(number, `limit=3&before_id=${last.meta.before_id}`)).ids, ids.slice(7))
  })

  it('contains all messages on one side with a cursor and no limit', async () => {
    const older = part(0, 4, { before_id: null, after_id: ids[3] })
    assert.deepEqual(await list(number, `before_id=${ids[4]}`), older)
    const newer = part(5, 10, { before_id: ids[5], after_id: null })
    assert.deepEqual(await list(number, `after_id=${ids[4]}`), newer)
  })

  it('contains up to 1000 messages', async () => {
    const long = await conversationOf(rows(1200))
    const page = await list(long.number, 'limit=1000')
    assert.deepEqual(page, { ids: long.ids.slice(200), meta: { before_id: long.ids[200], after_id: null } })
  })

  for (const query of [
    ...['0', '-1', '1001', '1.5', 'abc', '', '1e2', '01', '1&limit=2'].map((value) => `limit=${value}`),
    ...['0', '-1', '1.5', 'abc', '', '9007199254740992', '1&before_id=2'].map(
      (value) => `before_id=${value}`,
    ),
    ...['-1', '1.5', 'abc', '', '9007199254740992'].map((value) => `after_id=${value}`),
    ...['0', 'abc', ''].map((value) => `around_id=${value}&limit=1`),
    ...['TRUE', '1', 'yes', ''].map((value) => `include_deleted=${value}`),
  ]) {
    it(`is refused with ${query}`, async () => {
      const name = query.split('=')[0]
      assertRefused(await test.api(`/conversations/1/messages?${query}`), 400, new RegExp(`^${name} must be`))
    })
  }

  it('is refused with two cursors, or with around_id without a limit', async () => {
    for (const query of ['before_id=1&after_id=1', 'before_id=1&around_id=1', 'after_id=1&around_id=1']) {
      assertRefused(await test.api(`/conversations/1/messages?limit=5&${query}`), 400, /exclude each other/)
    }
    assertRefused(await test.api('/conversations/1/messages?around_id=1'), 400, /^around_id requires limit/)
  })
})

describe('deleted messages', () => {
  it('are left out, and do not make pages shorter', async () => {
    const { number, ids } = await conversationOf([{}, { deleted: true }, {}, { deleted: true }, {}, {}])
    const page = await list(number, 'limit=3')
    assert.deepEqual(page, { ids: [ids[2], ids[4], ids[5]], meta: { before_id: ids[2], after_id: null } })
  })

  it('at either end do not cause a cursor', async () => {
    const { number, ids } = await conversationOf([{ deleted: true }, {}, {}, { deleted: true }])
    const [first, second] = [ids[1], ids[2]]
    assert.deepEqual(await list(number, 'limit=2'), { ids: [first, second], meta: noMore })
    assert.deepEqual(await list(number, `limit=1&before_id=${second}`), {
      ids: [first],
      meta: { before_id: null, after_id: first },
    })
    assert.deepEqual(await list(number, `limit=1&after_id=${first}`), {
      ids: [second],
      meta: { before_id: second, after_id: null },
    })
  })

  it('can still be cursors', async () => {
    const { number, ids } = await conversationOf([{}, {}, { deleted: true }, {}, {}])
    assert.deepEqual((await list(number, `limit=2&before_id=${ids[2]}`)).ids, [ids[0], ids[1]])
    assert.deepEqual((await list(number, `limit=2&after_id=${ids[2]}`)).ids, [ids[3], ids[4]])
    assert.deepEqual((await list(number, `limit=2&around_id=${ids[2]}`)).ids, [ids[1], ids[3]])
  })

  it('make the list empty if there are no others', async () => {
    const { number } = await conversationOf([{ deleted: true }, { deleted: true }])
    for (const query of ['', 'limit=5'])
      assert.deepEqual(await list(number, query), { ids: [], meta: noMore })
  })

  it('are shown as tombstones with include_deleted', async () => {
    const { number, ids } = await conversationOf([{}, { deleted: true }, {}])
    assert.deepEqual((await list(number, 'include_deleted=false')).ids, [ids[0], ids[2]])
    for (const query of ['include_deleted=true', 'include_deleted=true&limit=3']) {
      const { payload, meta } = (await test.api(`/conversations/${number}/messages?${query}`)).body
      assert.equal(payload.length, 3)
      assert.equal(payload[1].id, ids[1])
      assert.equal(payload[1].content, null)
      assert.deepEqual(payload[1].content_attributes, { deleted: true })
      assert.deepEqual(payload[1].attachments, [])
      assert.deepEqual(meta, noMore)
    }
    const page = await list(number, 'include_deleted=true&limit=1')
    assert.deepEqual(page, { ids: [ids[2]], meta: { before_id: ids[2], after_id: null } })
  })
})

describe('a page that was returned before', () => {
  let number: number
  const page = async () => (await test.api(`/conversations/${number}/messages?limit=20`)).body.payload
  before(async () => {
    number = await addTestConversation(test)
    for (const message_type of ['incoming', 'outgoing'])
      await sendMessage(test, 'Hello', { message_type }, number)
  })

  const rename = (table: 'contacts' | 'users', id: number, name: string) =>
    test.app.database.transaction(null, (tx) =>
      tx.sql.updateTable(table).set({ name }).where('id', '=', id).execute(),
    )

  const changes: [
    string,
    (payload: ApiResponse['body'][]) => Promise<unknown>,
    (payload: ApiResponse['body'][]) => void,
  ][] = [
    [
      'a message is sent',
      () => sendMessage(test, 'New', {}, number),
      (payload) => assert.equal(payload.at(-1).content, 'New'),
    ],
    [
      'a message is edited',
      (payload) => {
        const path = `/conversations/${number}/messages/${payload.at(-1).id}`
        return test.api(path, { method: 'PATCH', body: { content: 'Edited' } })
      },
      (payload) => assert.equal(payload.at(-1).content, 'Edited'),
    ],
    [
      'a status is reported',
      (payload) => {
        const path = `/conversations/${number}/messages/${payload.at(-1).id}`
        return test.api(path, { method: 'PATCH', body: { status: 'read' } })
      },
      (payload) => assert.equal(payload.at(-1).status, 'read'),
    ],
    [
      'a message is deleted',
      (payload) => test.api(`/conversations/${number}/messages/${payload.at(-1).id}`, { method: 'DELETE' }),
      (payload) =>
        assert.deepEqual(
          payload.map(({ content }) => content),
          ['Hello', 'Hello'],
        ),
    ],
    [
      'the contact is renamed',
      (payload) => rename('contacts', payload[0].sender.id, 'Joan Smith'),
      (payload) => assert.equal(payload[0].sender.name, 'Joan Smith'),
    ],
    [
      'the user is renamed',
      (payload) => rename('users', payload[1].sender.id, 'Renamed'),
      (payload) => assert.equal(payload[1].sender.name, 'Renamed'),
    ],
  ]
  for (const [name, change, check] of changes) {
    it(`is not returned again when ${name}`, async () => {
      const before = await page()
      assert.deepEqual(await page(), before)
      await change(before)
      const after = await page()
      assert.notDeepEqual(after, before)
      check(after)
    })
  }

  it('is not returned to users who may not see it', async () => {
    await page()
    const path = `/conversations/${number}/messages?limit=20`
    assert.equal((await test.api(path, { token: null })).status, 401)
    const other = await addTestConversation(test)
    assert.deepEqual((await list(other, 'limit=20')).ids, [])
  })

  it('never lacks a message that was sent, even if many write and read at once', async () => {
    await Promise.all(
      Array.from({ length: 8 }, async (_, writer) => {
        for (let i = 0; i < 15; i++) {
          const { id } = await sendMessage(test, `Writer ${writer}, message ${i}`, {}, number)
          const { ids } = await list(number, 'limit=130')
          assert.ok(ids.includes(id))
        }
      }),
    )
  })
})
