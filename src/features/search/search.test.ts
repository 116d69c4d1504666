import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { assertRefused, sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { skipOnPostgres } from '../../../test/databases.ts'
import { addAccount, addInbox, addTestConversation, addUser } from '../../../test/factories.ts'
import { copyDatabase } from '../../db/backup.ts'
import { wordsOf } from './words.ts'

let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => test.close())

/** The conversations that are found, lowest number first. */
async function search(q: string, token = test.token): Promise<number[]> {
  const answer = await test.api(`/conversations?status=all&q=${encodeURIComponent(q)}`, { token })
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
  const { payload, meta } = answer.body.data
  assert.equal(meta.all_count, payload.length)
  return payload.map(({ id }: { id: number }) => id).sort((one: number, other: number) => one - other)
}

/** Resolves when the search has caught up with what was written before. */
async function caughtUp({ app }: TestApp = test): Promise<void> {
  const { sql } = app.database.read
  for (let i = 0; i < 400; i++) {
    await sleep(20)
    const fresh = await sql.selectFrom('events').select('name').where('position', 'is', null).execute()
    const counters = await sql.selectFrom('counters').selectAll().where('name', '=', 'events').execute()
    const cursors = await sql.selectFrom('search_cursors').selectAll().execute()
    const isDone = counters.every(({ account_id, value }) =>
      cursors.some((cursor) => cursor.account_id === account_id && cursor.position >= value),
    )
    if (fresh.length === 0 && isDone) return
  }
  throw new Error('the search does not catch up')
}

async function conversationOf(content: string, more: object = {}, inboxId = 1): Promise<number> {
  const id = await addTestConversation(test, { inboxId })
  await sendMessage(test, content, more, id)
  return id
}

describe('searching finds', () => {
  let numbers: Record<string, number>
  before(async () => {
    numbers = {
      // With "Hi, I need help with my order." from jane@example.com.
      first: 1,
      order: await conversationOf('My order number is 10422', { message_type: 'incoming' }),
      cafe: await conversationOf('Das Café in der Straße, ÉLAN'),
      plain: await conversationOf('a cafe without anything, elan'),
      note: await conversationOf('Suspicious zebra', { private: true }),
      mail: await conversationOf('Write to zoe.miller+shop@example.org please'),
      han: await conversationOf('我的订单在哪里'),
      signs: await conversationOf('O\'Reilly said: 100% "quoted" AND (NOT | this) * & ! : <-> near'),
    }
    await caughtUp()
  })

  const cases: [question: string, found: string[]][] = [
    ['order', ['first', 'order']],
    ['ORDER', ['first', 'order']],
    ['ord', ['first', 'order']],
    ['rder', []],
    ['10422', ['order']],
    ['104', ['order']],
    ['cafe', ['cafe', 'plain']],
    ['café', ['cafe', 'plain']],
    ['CAFÉ', ['cafe', 'plain']],
    ['élan', ['cafe', 'plain']],
    ['strasse', ['cafe']],
    ['straße', ['cafe']],
    ['number order', ['order']],
    ['num ord 10422', ['order']],
    ['order zebra', []],
    ['zebra', ['note']],
    ['zoe.miller+shop@example.org', ['mail']],
    ['miller@example', ['mail']],
    ['example.com', ['first']],
    ['订单', ['han']],
    ["o'reilly", ['signs']],
    ['100%', ['signs']],
    ['"quoted" and (not', ['signs']],
    ['near', ['signs']],
    ['* & | ! : <->', []],
    ["'; drop table messages; --", []],
    ['a', ['plain']],
  ]
  for (const [question, found] of cases) {
    it(`with ${question} ${found.length === 0 ? 'nothing' : found.join(' and ')}`, async () => {
      const expected = found.map((name) => numbers[name])
      assert.deepEqual(await search(question), expected)
    })
  }

  it('what the contact is called, has as address, number or identifier', async () => {
    const body = {
      name: 'Zoë Ångström',
      email: 'zoe@zoo.example',
      phone_number: '+4917012345',
      identifier: 'crm-7781',
    }
    const contact_id = (await test.api('/contacts', { method: 'POST', body })).body.id
    const { id } = (await test.api('/conversations', { method: 'POST', body: { inbox_id: 1, contact_id } }))
      .body
    await caughtUp()
    for (const q of ['angstrom', 'zoe ang', 'zoe@zoo.example', '+4917012345', '49170', 'crm-7781', '7781']) {
      assert.deepEqual(await search(q), [id], q)
    }
    assert.deepEqual(await search('angstrom order'), [])
  })

  it('what a message says now, not what it said before', async () => {
    const id = await addTestConversation(test)
    const { id: message } = await sendMessage(test, 'The walrus', {}, id)
    await caughtUp()
    const path = `/conversations/${id}/messages/${message}`
    await test.api(path, { method: 'PATCH', body: { content: 'The penguin' } })
    assert.deepEqual(await search('walrus'), [], 'at once')
    await caughtUp()
    assert.deepEqual([await search('walrus'), await search('penguin')], [[], [id]])
  })

  it('no deleted message, at once', async () => {
    const id = await addTestConversation(test)
    const { id: message } = await sendMessage(test, 'The flamingo', {}, id)
    const hasty = await sendMessage(test, 'The hasty flamingo', {}, id)
    await test.api(`/conversations/${id}/messages/${hasty.id}`, { method: 'DELETE' })
    await caughtUp()
    assert.deepEqual([await search('flamingo'), await search('hasty')], [[id], []])
    await test.api(`/conversations/${id}/messages/${message}`, { method: 'DELETE' })
    assert.deepEqual(await search('flamingo'), [])
    await sendMessage(test, 'Another flamingo', {}, id)
    await caughtUp()
    assert.deepEqual(await search('flamingo'), [id])
    await test.api(`/conversations/${id}`, { method: 'DELETE' })
    assert.deepEqual(await search('flamingo'), [])
  })

  it('the message in which the words are, the newest, and none where they are of the contact', async () => {
    const id = await addTestConversation(test)
    for (const content of ['The old pangolin', 'The pangolin', 'Something else'])
      await sendMessage(test, content, {}, id)
    await caughtUp()
    const found = async (question: string) =>
      (await test.api(`/conversations?${question}`)).body.data.payload.map(
        (one: { found_message?: { content: string } | null }) =>
          one.found_message ? one.found_message.content : one.found_message,
      )
    assert.deepEqual(await found('q=pangolin'), ['The pangolin'])
    assert.deepEqual(await found('q=pangolin+old'), ['The old pangolin'])
    assert.deepEqual(await found('q=jane@example.com'), [null])
    assert.equal(
      (await found('')).every((one: unknown) => one === undefined),
      true,
    )
  })

  it('no line of the system', async () => {
    const id = await addTestConversation(test)
    await test.api(`/conversations/${id}/toggle_status`, { method: 'POST' })
    await caughtUp()
    assert.deepEqual(await search('resolved the conversation'), [])
  })

  it('for agents what is in their inboxes only', async () => {
    const [mine, others] = [await addInbox(test), await addInbox(test)]
    const agent = await addUser(test, { inboxes: [mine] })
    const seen = await conversationOf('An ocelot', { private: true }, mine)
    const hidden = await conversationOf('An ocelot', {}, others)
    await caughtUp()
    assert.deepEqual([await search('ocelot', agent.token), await search('ocelot')], [[seen], [seen, hidden]])
  })

  it('nothing of another account', async () => {
    const other = await addAccount(test)
    await conversationOf('The quetzal')
    await caughtUp()
    const url = `//api/v1/accounts/${other.accountId}/conversations?q=quetzal`
    assert.deepEqual((await test.api(url, other)).body.data.payload, [])
  })

  it('together with the other filters, and everything where nothing is asked for', async () => {
    const inboxId = await addInbox(test)
    const id = await conversationOf('The narwhal', {}, inboxId)
    const elsewhere = await conversationOf('The narwhal')
    await caughtUp()
    const found = async (query: string) =>
      (await test.api(`/conversations?${query}`)).body.data.payload.map((one: { id: number }) => one.id)
    assert.deepEqual(await found(`q=narwhal&inbox_id=${inboxId}`), [id])
    await test.api(`/conversations/${id}/toggle_status`, { method: 'POST' })
    assert.deepEqual(await found('q=narwhal'), [elsewhere])
    assert.deepEqual(await found(`q=&status=all&inbox_id=${inboxId}`), [id])
    const long = await test.api(`/conversations?q=${'x'.repeat(256)}`)
    assertRefused(long, 400, /^q must have at most 255 characters$/)
  })

  it('each of thousands of messages, and very long ones', async () => {
    const id = await addTestConversation(test)
    const sent = []
    for (let i = 0; i < 700; i++) sent.push(sendMessage(test, `Bulk needle${i}x`, {}, id))
    const long = `${'lorem ipsum '.repeat(12_000)} lastword`
    for (let i = 0; i < 4; i++) sent.push(sendMessage(test, long, {}, id))
    await Promise.all(sent)
    await caughtUp()
    for (const q of ['needle0x', 'needle345x', 'needle699x', 'bulk', 'lastword']) {
      assert.deepEqual(await search(q), [id], q)
    }
  })
})

describe('the search', () => {
  it('goes on after a start where it stopped', async () => {
    const own = await startTestApp()
    try {
      await sendMessage(own, 'Before the restart: armadillo')
      await own.restart()
      await caughtUp(own)
      const { body } = await own.api('/conversations?q=armadillo')
      assert.deepEqual(body.data.meta.all_count, 1)
    } finally {
      await own.close()
    }
  })

  it('leaves nothing of a deleted message in the files of the database', {
    skip: skipOnPostgres,
  }, async () => {
    const id = await addTestConversation(test)
    const onDisk = (text: string) =>
      ['ndoto.db', 'ndoto.db-wal'].some((name) =>
        readFileSync(join(test.config.dataDir, name)).includes(text),
      )
    const inBackup = (text: string) =>
      readFileSync(join(test.config.dataDir, 'backup', 'ndoto.db')).includes(text)
    const erased = []
    for (let i = 0; i < 60; i++) {
      // Each a word of its own from its first letter on: the index keeps of a word what differs from the one before.
      const mark = randomBytes(12).toString('hex')
      const { id: message } = await sendMessage(test, `The mark ${mark} and some more words ${i}`, {}, id)
      erased.push({ message, mark })
      if (i % 20 === 0) await caughtUp()
    }
    await caughtUp()
    assert.deepEqual(await search(erased[7]!.mark), [id])
    assert.equal(onDisk(erased[7]!.mark.slice(4)), true)
    // One by one, the last ones first: many deletions would make the index write all of itself anew.
    for (const { message, mark } of erased.slice(-3)) {
      await test.api(`/conversations/${id}/messages/${message}`, { method: 'DELETE' })
      assert.equal(onDisk(mark.slice(4)), false)
    }
    for (const { message } of erased.slice(0, -3)) {
      await test.api(`/conversations/${id}/messages/${message}`, { method: 'DELETE' })
    }
    const left = erased.filter(({ mark }) => onDisk(mark.slice(4)))
    // Seldom one is: the gap that ARCHITECTURE.md names, of pages that were split. A backup has none.
    assert.ok(left.length <= 1, JSON.stringify(left))
    mkdirSync(join(test.config.dataDir, 'backup'))
    const kept = (await sendMessage(test, `A word that stays ${randomBytes(12).toString('hex')}`, {}, id))
      .content
    copyDatabase(test.config.dataDir, join(test.config.dataDir, 'backup'))
    assert.equal(inBackup(kept), true)
    assert.deepEqual(
      erased.filter(({ mark }) => inBackup(mark.slice(4))),
      [],
    )
  })
})

describe('the words of a text', () => {
  it('are folded, and each there once', () => {
    assert.deepEqual(wordsOf('Élan, élan ELAN – Ǆ½ İstanbul ﬁne'), ['elan', 'dz1', '2', 'istanbul', 'fine'])
    assert.deepEqual(wordsOf('日本語 テスト mixed日本'), ['日', '本', '語', 'テ', 'ス', 'ト', 'mixed'])
    assert.deepEqual(wordsOf(' \n!?'), [])
    assert.equal(wordsOf('x'.repeat(1000))[0]!.length, 64)
    assert.equal(wordsOf(Array.from({ length: 30_000 }, (_, i) => `w${i}`).join(' ')).length, 20_000)
  })
})
