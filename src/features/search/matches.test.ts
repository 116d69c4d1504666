import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'node:test'
import { startTestApp, type TestApp } from '../../../test/app.ts'
import { fc, seed } from '../../../test/random.ts'
import { findMatches, type Search, steps } from './matches.ts'
import { addDocuments } from './service.ts'

// Words that begin with each other, as short and as long as the index distinguishes, and some that few texts have.
const vocabulary = [
  'a',
  'ab',
  'abc',
  'abcd',
  'abcde',
  'abcdef',
  'abcdefg',
  'abcdxyz',
  'abz',
  'в',
  'ва',
  'вар',
  '1',
  '12',
]
const rareWords = ['qneedle', 'qneedles', 'abcdrare', 'zz']
const queries = [...vocabulary, ...rareWords, 'qne', 'qneed', 'abcdef1', 'nothing', 'b']

/** Ids on both sides of the borders of windows, and many that follow each other. */
const ids = [
  ...Array.from({ length: 450 }, (_, index) => 700 + index),
  ...[1023, 1024, 32_767, 32_768, 1_048_575, 1_048_576, 16_777_215, 16_777_216].map((id) => id + 5000),
  ...[2 ** 10, 2 ** 15, 2 ** 20, 2 ** 24].flatMap((id) => [id * 3 - 1, id * 3, id * 3 + 1]),
]

interface Document {
  id: number
  words: string[]
}

const defaults = { ...steps }
let test: TestApp
const accounts: { accountId: number; subject: Search['subject']; documents: Document[] }[] = [
  { accountId: 1, subject: 'message', documents: [] },
  { accountId: 1, subject: 'contact', documents: [] },
  { accountId: 2, subject: 'message', documents: [] },
]

before(async () => {
  test = await startTestApp()
  for (const [index, one] of accounts.entries()) {
    const texts = fc.sample(textOf(), { numRuns: ids.length, seed: seed + index })
    one.documents = [...new Set(ids)].map((id, at) => ({ id, words: texts[at % texts.length]! }))
    await test.app.database.transaction(1, (tx) =>
      addDocuments(
        tx,
        one.accountId,
        one.documents.map(({ id, words }) => ({
          subject: one.subject,
          subject_id: id,
          conversation_id: one.subject === 'message' ? id * 2 : null,
          text: words.join(' '),
        })),
      ),
    )
    one.documents.sort((a, b) => b.id - a.id)
  }
})
after(() => test.close())
afterEach(() => {
  Object.assign(steps, defaults)
})

/** Common words in most texts, rare ones in few. */
function textOf() {
  const word = fc.oneof(
    { weight: 60, arbitrary: fc.constantFrom(...vocabulary) },
    { weight: 1, arbitrary: fc.constantFrom(...rareWords) },
  )
  return fc.array(word, { minLength: 0, maxLength: 5 })
}

/** What the documentation says: the beginning of a word, except that a single letter alone is a word. */
function isMatch({ words }: Document, query: string[]): boolean {
  const hasLong = query.some((one) => one.length > 2)
  return query.every((one) =>
    words.some((word) => (one.length > 1 || hasLong ? word.startsWith(one) : word === one)),
  )
}

/** Follows `next` to the end. */
async function findAll(search: Omit<Search, 'deadline'>, deadline: number): Promise<number[]> {
  const found: number[] = []
  let { before } = search
  for (let pages = 0; pages < 5000; pages++) {
    const { matches, next } = await findMatches(test.app.database.read, { ...search, before, deadline })
    assert.ok(matches.length <= search.limit)
    found.push(...matches.map(({ subject_id }) => subject_id))
    if (next === null) return found
    assert.ok(before === undefined || next < before)
    before = next
  }
  throw new Error('it does not end')
}

describe('A search', () => {
  const search = fc.record({
    index: fc.nat(accounts.length - 1),
    words: fc.uniqueArray(fc.constantFrom(...queries), { minLength: 1, maxLength: 3 }),
    limit: fc.integer({ min: 1, max: 300 }),
    from: fc.constantFrom(0, 0, 0, 900, 3072, 1_048_576),
    before: fc.constantFrom(undefined, undefined, 1000, 3072, 6_000_000),
    read: fc.integer({ min: 1, max: 5000 }),
    rare: fc.integer({ min: 1, max: 300 }),
    time: fc.oneof(
      fc.record({
        deadline: fc.constant(Number.POSITIVE_INFINITY),
        ids: fc.integer({ min: 1, max: 100_000 }),
      }),
      // Each call ends after its first step.
      fc.record({ deadline: fc.constant(0), ids: fc.constantFrom(2 ** 19, 2 ** 20, 2 ** 23, 2 ** 25) }),
    ),
  })

  it('finds exactly the documents with all words, from the newest on, in parts of any size', async () => {
    await fc.assert(
      fc.asyncProperty(search, async ({ index, words, limit, from, before, read, rare, time }) => {
        Object.assign(steps, { read, rare, ids: time.ids })
        const { accountId, subject, documents } = accounts[index]!
        const inRange = documents.filter(({ id }) => id >= from && id < (before ?? Number.POSITIVE_INFINITY))
        const expected = inRange.filter((one) => isMatch(one, words)).map(({ id }) => id)
        assert.deepEqual(
          await findAll({ accountId, subject, words, from, before, limit }, time.deadline),
          expected,
        )
      }),
      { numRuns: 300 },
    )
  })

  it('finds a rare word behind many newer documents whose words begin like it', async () => {
    const { database } = test.app
    const texts = ['beginner', ...Array.from({ length: 500 }, () => 'beginning')]
    const documents = texts.map((text, index) => ({
      subject: 'message' as const,
      subject_id: 10 + index,
      conversation_id: 1,
      text,
    }))
    await database.transaction(3, (tx) => addDocuments(tx, 3, documents))
    const search = { accountId: 3, subject: 'message' as const, words: ['beginner'], limit: 10 }
    assert.deepEqual(await findAll(search, Number.POSITIVE_INFINITY), [10])
  })

  it('stops at the deadline, and continues from there', async () => {
    Object.assign(steps, { read: 10, rare: 5, ids: 64 })
    const search = {
      accountId: 1,
      subject: 'message' as const,
      words: ['abz', 'вар'],
      limit: 300,
      before: 1150,
    }
    const find = (deadline: number) => findMatches(test.app.database.read, { ...search, deadline })
    const [early, complete] = [await find(0), await find(Number.POSITIVE_INFINITY)]
    assert.ok(early.matches.length < complete.matches.length)
    assert.ok(early.next! > 0)
    assert.equal(complete.next, null)
  })

  it('does not find a document of another kind or account, or one that was removed', async () => {
    const { database } = test.app
    const text = { subject: 'contact' as const, subject_id: 7, conversation_id: null, text: 'unique' }
    const find = async (accountId: number, subject: Search['subject']) => {
      const search = { accountId, subject, words: ['uniq'], limit: 10, deadline: Number.POSITIVE_INFINITY }
      return (await findMatches(database.read, search)).matches.map(({ subject_id }) => subject_id)
    }
    const findEverywhere = async () => [
      await find(1, 'contact'),
      await find(1, 'message'),
      await find(2, 'contact'),
    ]
    await database.transaction(1, (tx) => addDocuments(tx, 1, [text]))
    assert.deepEqual(await findEverywhere(), [[7], [], []])
    await database.transaction(1, (tx) => addDocuments(tx, 2, [text]))
    assert.deepEqual(await findEverywhere(), [[7], [], [7]])
    await database.transaction(1, (tx) =>
      tx.sql
        .deleteFrom('search_documents')
        .where('account_id', '=', 1)
        .where('subject', '=', 'contact')
        .where('subject_id', '=', 7)
        .execute(),
    )
    assert.deepEqual(await findEverywhere(), [[], [], [7]])
  })
})
