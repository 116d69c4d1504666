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

/** The answer to a list of a conversation, as the ids and the cursors. */
async function list(
  conversationId: number,
  query = '',
): Promise<{ ids: number[]; meta: ApiResponse['body'] }> {
  const answer = await test.api(`/conversations/${conversationId}/messages?${query}`)
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
  const { payload, meta } = answer.body
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

  it('shows each change at once on a page that is asked for again and again', async () => {
    const number = await addTestConversation(test)
    const path = `/conversations/${number}/messages`
    // More often than it takes until a page is kept in memory.
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

  it('is empty where nothing was said', async () => {
    assert.deepEqual(await list(await addTestConversation(test)), { ids: [], meta: noMore })
  })

  it('is oldest first', async () => {
    const number = await addTestConversation(test)
    for (const content of ['one', 'two', 'three']) await sendMessage(test, content, {}, number)
    const { payload } = (await test.api(`/conversations/${number}/messages`)).body
    assert.deepEqual(
      payload.map(({ content }: { content: string }) => content),
      ['one', 'two', 'three'],
    )
  })

  it('shows a line of the system without a sender', async () => {
    const activity = { message_type: 'activity', sender_type: null, sender_id: null } as const
    const { number } = await conversationOf([activity])
    const [message] = (await test.api(`/conversations/${number}/messages`)).body.payload
    assert.equal(message.message_type, 'activity')
    assert.equal(message.sender, null)
  })

  it('holds no message of another conversation', async () => {
    const [one, two] = [await conversationOf(rows(3)), await conversationOf(rows(3))]
    const more = await addMessages(test, one.number, rows(2))
    assert.deepEqual((await list(one.number)).ids, [...one.ids, ...more])
    assert.deepEqual((await list(two.number)).ids, two.ids)
    const around = await list(two.number, `around_id=${one.ids[0]}&limit=10`)
    assert.deepEqual(around, { ids: two.ids, meta: noMore })
  })

  it('ignores query parameters it does not know', async () => {
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
    ['after is strict: a message of that very second is left out', 'after=1700000000', [1, 2, 3, 4]],
    ['after leaves out the whole second that the API shows', 'after=1700000001', [3, 4]],
    ['after takes a fraction: the second it lies in is not later', 'after=1700000001.5', [3, 4]],
    ['after with a fraction just below a second gives that second', 'after=1699999999.999', [0, 1, 2, 3, 4]],
    ['after with the fraction .0 is that second', 'after=1700000001.0', [3, 4]],
    ['after the last gives nothing', 'after=1700000007', []],
    ['before is strict: a message of that very second is left out', 'before=1700000001', [0]],
    ['before takes a fraction: the second it lies in is earlier', 'before=1700000001.5', [0, 1, 2]],
    ['before with a small fraction gives the second it lies in', 'before=1700000000.001', [0]],
    ['before with the fraction .0 is that second', 'before=1700000002.0', [0, 1, 2]],
    ['before the first gives nothing', 'before=1700000000', []],
    ['both give the window between', 'after=1700000000&before=1700000002', [1, 2]],
    ['both give the window between, with fractions', 'after=1700000001.5&before=1700000007.5', [3, 4]],
    ['a window of nothing is empty', 'after=1700000002&before=1700000007', []],
    ['a window that is turned round is empty', 'after=1700000007&before=1700000001', []],
    ['a window of one instant is empty', 'after=1700000001&before=1700000001', []],
    ['after zero gives all', 'after=0', [0, 1, 2, 3, 4]],
    ['after a negative time gives all', 'after=-1', [0, 1, 2, 3, 4]],
    ['before a negative time gives nothing', 'before=-0.5', []],
    ['before a time far away gives all', 'before=9999999999999999', [0, 1, 2, 3, 4]],
    ['after a time far away gives nothing', 'after=9999999999999999', []],
    ['a window may be paged: the latest of it', 'after=1700000000&before=1700000007&limit=2', [2, 3]],
  ]
  for (const [name, query, wanted] of windows) {
    it(name, async () => {
      assert.deepEqual(
        (await list(number, query)).ids,
        wanted.map((index) => ids[index]),
      )
    })
  }

  it('have cursors that stay inside the window', async () => {
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
    it(`refuse what is not a number: "${text}"`, async () => {
      for (const name of ['before', 'after']) {
        const answer = await test.api(`/conversations/1/messages?${name}=${text}`)
        assertRefused(answer, 400, new RegExp(`^${name} must be a number$`))
      }
    })
  }

  it('are refused when they come twice', async () => {
    const answer = await test.api('/conversations/1/messages?before=1&before=2')
    assertRefused(answer, 400, /^before /)
  })
})

describe('without limit', () => {
  for (const count of [1, 199, 200, 201, 400, 5003]) {
    it(`all of ${count} messages come, each once`, async () => {
      const { number, ids } = await conversationOf(rows(count))
      assert.deepEqual(await list(number), { ids, meta: noMore })
    })
  }

  it('many are sent as a stream, few with their length', async () => {
    const { number } = await conversationOf(rows(3000))
    const many = await test.api(`/conversations/${number}/messages`)
    assert.equal(many.headers.get('content-length'), null)
    const few = await test.api(`/conversations/${number}/messages?limit=20`)
    assert.equal(Number(few.headers.get('content-length')), Buffer.byteLength(JSON.stringify(few.body)))
  })

  it('windows, cursors and deleted messages hold for a stream too', async () => {
    const deleted = (index: number) => index % 7 === 0 || index < 3 || index > 2996
    const { number, ids } = await conversationOf(
      Array.from({ length: 3000 }, (_, i) => ({
        created_at: 1_700_000_000_000 + i * 100,
        deleted: deleted(i),
      })),
    )
    const kept = ids.filter((_, index) => !deleted(index))
    assert.deepEqual(await list(number), { ids: kept, meta: noMore })
    assert.deepEqual((await list(number, 'include_deleted=true')).ids, ids)
    const window = await list(number, 'after=1700000009&before=1700000250')
    assert.deepEqual(
      window.ids,
      kept.filter((id) => id >= ids[100]! && id < ids[2500]!),
    )
    const [from, to] = [ids[500]!, ids[2400]!]
    const newer = await list(number, `after_id=${from}`)
    assert.deepEqual(newer, {
      ids: kept.filter((id) => id > from),
      meta: { before_id: kept.find((id) => id > from), after_id: null },
    })
    const older = await list(number, `before_id=${to}`)
    assert.deepEqual(older, {
      ids: kept.filter((id) => id < to),
      meta: { before_id: null, after_id: kept.findLast((id) => id < to) },
    })
  })

  it('other requests are answered while a stream runs, and a reader who leaves does no harm', async () => {
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

  it('make a page shorter than its limit, and its cursors lead to the rest in both directions', async () => {
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

  it('are all there, on both sides of one, and in the list of all', async () => {
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
    // All in the same second, so that no time could tell them apart.
    ;({ number, ids } = await conversationOf(rows(10).map(() => ({ created_at: 1_700_000_000_000 }))))
  })

  /** From the messages `from` to `to` of the ten, and the cursors. */
  const part = (from: number, to: number, meta: object) => ({ ids: ids.slice(from, to), meta })

  it('is the latest messages where there is limit alone', async () => {
    assert.deepEqual(await list(number, 'limit=3'), part(7, 10, { before_id: ids[7], after_id: null }))
  })

  it('is all of them where limit is as large or larger', async () => {
    for (const limit of [10, 11, 1000])
      assert.deepEqual(await list(number, `limit=${limit}`), part(0, 10, noMore))
  })

  it('with before_id holds the nearest older ones', async () => {
    const query = `limit=3&before_id=${ids[7]}`
    assert.deepEqual(await list(number, query), part(4, 7, { before_id: ids[4], after_id: ids[6] }))
  })

  it('with after_id holds the nearest newer ones', async () => {
    const query = `limit=3&after_id=${ids[2]}`
    assert.deepEqual(await list(number, query), part(3, 6, { before_id: ids[3], after_id: ids[5] }))
  })

  it('that reaches an end has no cursor to that side', async () => {
    const oldest = part(0, 3, { before_id: null, after_id: ids[2] })
    assert.deepEqual(await list(number, `limit=3&before_id=${ids[3]}`), oldest)
    assert.deepEqual(await list(number, `limit=7&before_id=${ids[3]}`), oldest)
    const newest = part(7, 10, { before_id: ids[7], after_id: null })
    assert.deepEqual(await list(number, `limit=3&after_id=${ids[6]}`), newest)
  })

  it('with around_id holds the message with as many older as newer ones', async () => {
    const odd = part(4, 7, { before_id: ids[4], after_id: ids[6] })
    assert.deepEqual(await list(number, `limit=3&around_id=${ids[5]}`), odd)
    const even = part(3, 7, { before_id: ids[3], after_id: ids[6] })
    assert.deepEqual(await list(number, `limit=4&around_id=${ids[5]}`), even)
    const alone = part(5, 6, { before_id: ids[5], after_id: ids[5] })
    assert.deepEqual(await list(number, `limit=1&around_id=${ids[5]}`), alone)
  })

  it('with around_id near an end is filled from the other side', async () => {
    const first = part(0, 4, { before_id: null, after_id: ids[3] })
    assert.deepEqual(await list(number, `limit=4&around_id=${ids[0]}`), first)
    const last = part(6, 10, { before_id: ids[6], after_id: null })
    assert.deepEqual(await list(number, `limit=4&around_id=${ids[9]}`), last)
  })

  it('with a cursor beyond the ends is empty, or the nearest messages', async () => {
    const [first, last] = [ids[0]!, ids[9]!]
    const beyond = Number.MAX_SAFE_INTEGER
    assert.deepEqual((await list(number, `limit=3&before_id=${first}`)).ids, [])
    assert.deepEqual((await list(number, `limit=3&after_id=${last}`)).ids, [])
    assert.deepEqual((await list(number, `limit=3&before_id=${beyond}`)).ids, ids.slice(7))
    assert.deepEqual((await list(number, `limit=3&after_id=1`)).ids, ids.slice(0, 3))
    assert.deepEqual((await list(number, `limit=3&around_id=${beyond}`)).ids, ids.slice(7))
    assert.deepEqual((await list(number, `limit=3&around_id=1`)).ids, ids.slice(0, 3))
  })

  it('that is empty has a cursor back to the messages', async () => {
    const newest = await list(number, `limit=3&after_id=${ids[9]}`)
    assert.equal(newest.meta.after_id, null)
    const back = await list(number, `limit=3&before_id=${newest.meta.before_id}`)
    assert.deepEqual(back.ids, ids.slice(7))
    const oldest = await list(number, `limit=3&before_id=${ids[0]}`)
    assert.equal(oldest.meta.before_id, null)
    const forth = await list(number, `limit=3&after_id=${oldest.meta.after_id}`)
    assert.deepEqual(forth.ids, ids.slice(0, 3))
  })

  it('that is empty has such a cursor at the first and the last id that there can be, too', async () => {
    const first = await list(1, 'limit=3&before_id=1')
    assert.deepEqual(first.ids, [])
    assert.deepEqual((await list(1, `limit=3&after_id=${first.meta.after_id}`)).ids, [1])
    const last = await list(number, `limit=3&after_id=${Number.MAX_SAFE_INTEGER}`)
    assert.deepEqual(last.ids, [])
    assert.deepEqual((await list(number, `limit=3&before_id=${last.meta.before_id}`)).ids, ids.slice(7))
  })

  it('may be a cursor without a limit: all on that side', async () => {
    const older = part(0, 4, { before_id: null, after_id: ids[3] })
    assert.deepEqual(await list(number, `before_id=${ids[4]}`), older)
    const newer = part(5, 10, { before_id: ids[5], after_id: null })
    assert.deepEqual(await list(number, `after_id=${ids[4]}`), newer)
  })

  it('holds up to 1000 messages', async () => {
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
    assertRefused(await test.api('/conversations/1/messages?around_id=1'), 400, /^around_id needs limit/)
  })
})

describe('deleted messages', () => {
  it('are left out, and leave no short pages behind', async () => {
    const { number, ids } = await conversationOf([{}, { deleted: true }, {}, { deleted: true }, {}, {}])
    const page = await list(number, 'limit=3')
    assert.deepEqual(page, { ids: [ids[2], ids[4], ids[5]], meta: { before_id: ids[2], after_id: null } })
  })

  it('at the edges are no reason for a cursor', async () => {
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

  it('are still good as cursors', async () => {
    const { number, ids } = await conversationOf([{}, {}, { deleted: true }, {}, {}])
    assert.deepEqual((await list(number, `limit=2&before_id=${ids[2]}`)).ids, [ids[0], ids[1]])
    assert.deepEqual((await list(number, `limit=2&after_id=${ids[2]}`)).ids, [ids[3], ids[4]])
    assert.deepEqual((await list(number, `limit=2&around_id=${ids[2]}`)).ids, [ids[1], ids[3]])
  })

  it('make a conversation empty where there are no others', async () => {
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

describe('a page that was given before', () => {
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
    it(`is not given again when ${name}`, async () => {
      const old = await page()
      assert.deepEqual(await page(), old)
      await change(old)
      const now = await page()
      assert.notDeepEqual(now, old)
      check(now)
    })
  }

  it('is not given to those who must not see it', async () => {
    await page()
    const path = `/conversations/${number}/messages?limit=20`
    assert.equal((await test.api(path, { token: null })).status, 401)
    const other = await addTestConversation(test)
    assert.deepEqual((await list(other, 'limit=20')).ids, [])
  })

  it('never lacks an answered message, however many write and read at once', async () => {
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
