import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { type ApiResponse, sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { addMessages, addTestConversation } from '../../../test/factories.ts'
import { fc } from '../../../test/random.ts'

let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => test.close())

interface Page {
  ids: number[]
  meta: { before_id: number | null; after_id: number | null }
}

async function list(conversationId: number, query: Record<string, unknown> = {}): Promise<Page> {
  const text = new URLSearchParams(
    Object.entries(query)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, String(value)]),
  )
  const answer: ApiResponse = await test.api(`/conversations/${conversationId}/messages?${text}`)
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
  return { ids: answer.body.payload.map(({ id }: { id: number }) => id), meta: answer.body.meta }
}

/** The messages of a conversation: many in the same second, some of them deleted. */
const history = fc.array(
  fc.record({
    gap: fc.constantFrom(0, 1, 400, 1000, 2500),
    deleted: fc.constantFrom(false, false, false, true),
  }),
  { maxLength: 40 },
)
const startTime = 1_700_000_000_000

interface TestMessage {
  id: number
  created_at: number
  deleted: boolean
}

async function addHistory(
  parts: { gap: number; deleted: boolean }[],
): Promise<{ number: number; messages: TestMessage[] }> {
  const number = await addTestConversation(test)
  let created_at = startTime
  const rows = parts.map(({ gap, deleted }) => {
    created_at += gap
    return { created_at, deleted }
  })
  const ids = await addMessages(test, number, rows)
  return { number, messages: rows.map((row, i) => ({ ...row, id: ids[i]! })) }
}

const step = fc.record({
  act: fc.constantFrom('older', 'newer', 'older', 'newer', 'send', 'delete'),
  limit: fc.integer({ min: 1, max: 9 }),
  pick: fc.nat(),
})

it('pages of any size in both directions contain each message once and in order, while others write', async () => {
  const start = fc.record({ limit: fc.integer({ min: 1, max: 9 }), around: fc.option(fc.nat()) })
  await fc.assert(
    fc.asyncProperty(
      history,
      start,
      fc.array(step, { maxLength: 25 }),
      async (parts, { limit, around }, steps) => {
        const { number, messages } = await addHistory(parts)
        const around_id =
          around === null || messages.length === 0 ? undefined : messages[around % messages.length]!.id
        const first = await list(number, { limit, around_id })
        const seen = [...first.ids]
        let { before_id, after_id } = first.meta
        const present = messages.filter(({ deleted }) => !deleted).map(({ id }) => id)
        const deleted = new Set<number>()

        const older = async (size: number) => {
          if (before_id === null) return
          const page = await list(number, { limit: size, before_id })
          assert.ok(page.ids.length <= size)
          seen.unshift(...page.ids)
          before_id = page.meta.before_id
        }
        const newer = async (size: number) => {
          // At the end of the list, a client asks again from the last message that it has seen.
          after_id ??= seen.at(-1) ?? null
          if (after_id === null) return
          const page = await list(number, { limit: size, after_id })
          assert.ok(page.ids.length <= size)
          seen.push(...page.ids)
          after_id = page.ids.length === 0 ? after_id : (page.meta.after_id ?? page.ids.at(-1)!)
        }
        for (const { act, limit: size, pick } of steps) {
          if (act === 'older') await older(size)
          if (act === 'newer') await newer(size)
          if (act === 'send') present.push((await sendMessage(test, 'In between', {}, number)).id)
          if (act === 'delete' && present.length > 0) {
            const [id] = present.splice(pick % present.length, 1)
            deleted.add(id!)
            await test.api(`/conversations/${number}/messages/${id}`, { method: 'DELETE' })
          }
        }
        while (before_id !== null) await older(7)
        if (seen.length === 0) seen.push(...(await list(number)).ids)
        for (let size = -1; size !== seen.length; ) {
          size = seen.length
          await newer(5)
        }

        assert.deepEqual(
          seen,
          [...new Set(seen)].toSorted((a, b) => a - b),
          'each once, in order',
        )
        const remaining = seen.filter((id) => !deleted.has(id))
        assert.deepEqual(remaining, present, 'none is missing')
        assert.deepEqual((await list(number)).ids, present)
      },
    ),
    { numRuns: 50 },
  )
})

it('the cursors of a page lead to the previous and the next page and back', async () => {
  const size = fc.integer({ min: 1, max: 9 })
  await fc.assert(
    fc.asyncProperty(history, size, size, async (parts, olderSize, newerSize) => {
      const { number, messages } = await addHistory(parts)
      const all = messages.filter(({ deleted }) => !deleted).map(({ id }) => id)
      let page = await list(number, { limit: olderSize })
      const backwards = [page.ids]
      while (page.meta.before_id !== null) {
        page = await list(number, { limit: olderSize, before_id: page.meta.before_id })
        backwards.unshift(page.ids)
      }
      assert.deepEqual(backwards.flat(), all)
      const forwards = [page.ids]
      while (page.meta.after_id !== null) {
        page = await list(number, { limit: newerSize, after_id: page.meta.after_id })
        forwards.push(page.ids)
      }
      assert.deepEqual(forwards.flat(), all)
      assert.ok([...backwards, ...forwards].slice(1, -1).every((ids) => ids.length > 0 || all.length === 0))
    }),
    { numRuns: 25 },
  )
})

/** The list as docs/messages-api.md describes it, computed from messages in memory. */
function expected(messages: TestMessage[], query: Query): Page {
  const second = (message: TestMessage) => Math.floor(message.created_at / 1000)
  const window = messages.filter(
    (message) =>
      (query.include_deleted || !message.deleted) &&
      (query.after === undefined || second(message) > query.after) &&
      (query.before === undefined || second(message) < query.before),
  )
  const { limit = Number.POSITIVE_INFINITY, before_id, after_id, around_id } = query
  let page = window
  if (after_id !== undefined) page = window.filter(({ id }) => id > after_id).slice(0, limit)
  else if (around_id !== undefined) {
    const middle = window.filter(({ id }) => id < around_id).length
    const last = Math.max(window.length - limit, 0)
    const from = Math.min(Math.max(middle - Math.floor(limit / 2), 0), last)
    page = window.slice(from, from + limit)
  } else {
    const older = before_id === undefined ? window : window.filter(({ id }) => id < before_id)
    page = older.slice(Math.max(older.length - limit, 0))
  }
  // An empty page is located at its cursor.
  const end = before_id ?? Number.POSITIVE_INFINITY
  const first = page[0]?.id ?? (after_id === undefined ? end : after_id + 1)
  const last = page.at(-1)?.id ?? (after_id === undefined ? end - 1 : after_id)
  return {
    ids: page.map(({ id }) => id),
    meta: {
      before_id: window.some(({ id }) => id < first) ? first : null,
      after_id: window.some(({ id }) => id > last) ? last : null,
    },
  }
}

interface Query {
  before?: number | undefined
  after?: number | undefined
  limit?: number | undefined
  before_id?: number | undefined
  after_id?: number | undefined
  around_id?: number | undefined
  include_deleted?: boolean | undefined
}

it('any combination of window, limit, cursor and include_deleted returns the same as a filter in memory', async () => {
  const seconds = fc.option(
    fc.tuple(fc.integer({ min: -2, max: 30 }), fc.constantFrom(0, 0, 0.5, 0.001, 0.999)),
    { nil: undefined },
  )
  const anyQuery = fc.record({
    before: seconds,
    after: seconds,
    limit: fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined }),
    cursor: fc.constantFrom('none', 'before_id', 'after_id', 'around_id'),
    at: fc.integer({ min: -3, max: 43 }),
    include_deleted: fc.option(fc.boolean(), { nil: undefined }),
  })
  await fc.assert(
    fc.asyncProperty(
      history,
      fc.array(anyQuery, { minLength: 10, maxLength: 10 }),
      async (parts, queries) => {
        const { number, messages } = await addHistory(parts)
        const firstId = messages[0]?.id ?? 1
        for (const { before, after, limit, cursor, at, include_deleted } of queries) {
          const time = (value: typeof before) =>
            value && Number((startTime / 1000 + value[0] + value[1]).toFixed(3))
          const query: Query = { before: time(before), after: time(after), limit, include_deleted }
          const needsLimit = cursor === 'around_id' && limit === undefined
          if (cursor !== 'none' && !needsLimit) query[cursor as 'before_id'] = Math.max(firstId + at, 2)
          assert.deepEqual(await list(number, { ...query }), expected(messages, query), JSON.stringify(query))
        }
      },
    ),
    { numRuns: 40 },
  )
})
