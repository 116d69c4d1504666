import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'node:test'
import { assertRefused, sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { eventually } from '../../../test/eventually.ts'
import { addAccount, addMessages, addTestConversation } from '../../../test/factories.ts'
import { steps } from '../search/matches.ts'
import { limits } from './search.ts'

let test: TestApp
const defaults = { limits: { ...limits }, steps: { ...steps } }
before(async () => {
  test = await startTestApp()
})
after(() => test.close())
afterEach(() => {
  Object.assign(limits, defaults.limits)
  Object.assign(steps, defaults.steps)
})

async function list(query: string, { api }: TestApp = test) {
  const response = await api(`/conversations?status=all&${query}`)
  assert.equal(response.status, 200, JSON.stringify(response.body))
  const { meta, payload } = response.body.data
  return { meta, payload, ids: payload.map(({ id }: { id: number }) => id) as number[] }
}

/** Follows `next` from the first page to the last. */
async function allPages(query: string) {
  const pages = [await list(query)]
  while (pages.at(-1)!.meta.next !== null) {
    assert.ok(pages.length < 300, 'it does not end')
    pages.push(await list(`${query}&cursor=${pages.at(-1)!.meta.next}`))
  }
  return pages
}

describe('A search with many matches', () => {
  const conversations: number[] = []
  before(async () => {
    for (let index = 0; index < 70; index++) {
      const id = await addTestConversation(test)
      conversations.push(id)
      const status = index % 10 === 0 ? 'open' : 'resolved'
      await test.api(`/conversations/${id}/toggle_status`, { method: 'POST', body: { status } })
      for (let copy = 0; copy < 6; copy++) await sendMessage(test, `Parcel ${index} of ${copy}`, {}, id)
    }
    await eventually(async () => (await list('q=parcel+69+of+5')).ids.length === 1)
  })

  it('shows the newest conversations first, and all of them after some pages', async () => {
    const pages = await allPages('q=parcel')
    assert.equal(pages[0]!.ids.length, 25)
    assert.equal(pages[0]!.meta.counts_capped, true)
    const ids = pages.flatMap((page) => page.ids)
    assert.deepEqual(
      [...new Set(ids)].toSorted((a, b) => b - a),
      conversations.toReversed(),
    )
    for (const { payload } of pages)
      for (const { found_message } of payload) assert.match(found_message.content, /^Parcel/)
    assert.deepEqual((await list('q=parcel&page=2')).ids, pages[1]!.ids)
  })

  it('counts exactly if it has searched everything', async () => {
    Object.assign(limits, { enough: 1000, time: 10_000 })
    const { meta } = await list('q=parcel')
    assert.equal(meta.all_count, 70)
    assert.equal(meta.counts_capped, false)
    const pages = await allPages('q=parcel')
    assert.deepEqual(
      pages.flatMap(({ ids }) => ids),
      conversations.toReversed(),
    )
  })

  it('continues through older messages until it has found enough that pass the filters', async () => {
    Object.assign(limits, { time: 10_000 })
    const { data } = (await test.api('/conversations?q=parcel')).body
    assert.equal(data.meta.all_count, 7)
    assert.equal(data.meta.counts_capped, false)
  })

  it('stops when its time is over, and says where to continue', async () => {
    Object.assign(limits, { time: 0 })
    Object.assign(steps, { read: 20, rare: 1, ids: 64 })
    const first = await list('q=parcel+69+of')
    assert.equal(first.meta.counts_capped, true)
    assert.notEqual(first.meta.next, null)
    const pages = await allPages('q=parcel+69+of')
    assert.deepEqual([...new Set(pages.flatMap(({ ids }) => ids))], [conversations.at(-1)])
  })

  it('keeps its pages while new messages arrive', async () => {
    const [first, second] = await allPages('q=parcel')
    await sendMessage(test, 'Parcel, once more', {}, conversations[0])
    await eventually(async () => (await list('q=parcel+once+more')).ids.length === 1)
    const { ids } = await list(`q=parcel&cursor=${first!.meta.next}`)
    assert.deepEqual(ids, second!.ids)
  })

  it('refuses a cursor of a list, or of another order', async () => {
    const { meta } = await list('')
    assertRefused(await test.api(`/conversations?q=parcel&cursor=${meta.next}`), 400, /^cursor must be/)
    const { next } = (await list('q=parcel')).meta
    assertRefused(
      await test.api(`/conversations?q=parcel&sort=created_at&cursor=${next}`),
      400,
      /^cursor belongs/,
    )
    assertRefused(await test.api(`/conversations?cursor=${next}`), 400, /^cursor /)
  })
})

describe('Messages from before the index', () => {
  it('are indexed in the background, also after a restart, and searches say that they are incomplete', async () => {
    const own = await startTestApp()
    try {
      const other = await addAccount(own)
      const contact = { name: 'Okapi', email: 'okapi@example.com' }
      const path = `//api/v1/accounts/${other.accountId}/contacts`
      await own.api(path, { method: 'POST', body: contact, token: other.token })
      const id = await addTestConversation(own)
      await addMessages(
        own,
        id,
        Array.from({ length: 600 }, (_, index) => ({ content: `Axolotl ${index}` })),
      )
      const isBackfilling = 9_007_199_254_740_991
      await own.app.database.transaction(1, async (tx) => {
        for (const account_id of [1, other.accountId])
          await tx.sql.deleteFrom('search_documents').where('account_id', '=', account_id).execute()
        const position = {
          before_contact: isBackfilling,
          before_conversation: isBackfilling,
          before_message: isBackfilling,
        }
        for (const account_id of [1, other.accountId])
          await tx.sql
            .insertInto('search_backfills')
            .values({ account_id, ...position })
            .execute()
      })
      assert.equal((await list('q=axolotl', own)).meta.counts_capped, true)
      await own.restart()
      const missing = () => own.app.database.read.sql.selectFrom('search_backfills').selectAll().execute()
      await eventually(async () => (await missing()).length === 0)
      for (const q of ['axolotl+0', 'axolotl+599', 'jane'])
        assert.deepEqual((await list(`q=${q}`, own)).meta.all_count > 0, true, q)
      assert.equal((await list('q=axolotl+300', own)).meta.counts_capped, false)
      const { body } = await own.api(`${path}/search?q=okapi`, { token: other.token })
      assert.equal(body.meta.count, 1)
    } finally {
      await own.close()
    }
  })
})
