import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { sql } from 'kysely'
import { startTestApp, type TestApp } from '../../../test/app.ts'
import { addInbox, addUser } from '../../../test/factories.ts'
import { fc, seed } from '../../../test/random.ts'
import type { Actor } from '../../lib/actor.ts'
import { filterContacts } from '../contacts/filter.ts'
import { type ContactQuery, sortKeys } from '../contacts/schema.ts'
import { filterConversations } from '../conversations/filter.ts'
import { countFiltered, listFiltered } from '../conversations/filtered-list.ts'
import type { Operator, Selector } from './schema.ts'

/*
 * Evaluates generated filters one row after the other, in a second implementation that shares nothing with the first.
 */

type Json = string | number | boolean | null | object
interface Row {
  id: number
  fields: Record<string, string | number | boolean | null>
  labels: string[]
  custom: Record<string, Json>
  additional: Record<string, Json>
  /** The custom attributes of the contact of a conversation. */
  ofContact?: Record<string, Json>
  inbox_id: number
}

const texts = [
  'Ada',
  'ADA',
  'ada lovelace',
  'Zoë',
  'ZOË',
  '',
  'a',
  '%',
  '_',
  "'",
  '"',
  '5',
  '05',
  'true',
  '2026-01-31',
  '2026-01-30T23:00:00.000Z',
  '😀b',
  'née',
]
const words = fc.constantFrom(...texts)
const attribute = fc.oneof(
  words,
  fc.constantFrom<Json>(0, 5, -1, 5.5, 0.1, 1e21, true, false, null, [], [1], {}, { a: 'b' }),
)
const keys = ['plan', 'a.b', 'a"b', '$', 'ключ', 'plan ']
/** Attributes with a definition, by their keys. */
const types = {
  seats: 'number',
  price: 'currency',
  since: 'date',
  news: 'checkbox',
  tier: 'list',
  note: 'text',
}
const tiers = ['Ada', '5', 'true', 'gold']
// Also values from before the definition, which have any type.
const typed = fc.oneof(
  attribute,
  fc.constantFrom<Json>('12', '-5.5', '05', '1e3', '1.', ' 5', '-', '9'.repeat(41), 'TRUE', 'gold', '5.50'),
  fc.constantFrom<Json>('2026-01-30', '2026-01-31T09:00:00+02:00', '2026-02-01 or so', 12, -5.5),
)
const attributes = fc
  .tuple(
    fc.dictionary(fc.constantFrom(...keys), attribute, { maxKeys: 4 }),
    fc.dictionary(fc.constantFrom(...Object.keys(types)), typed, { maxKeys: 4 }),
  )
  .map(([untyped, others]) => ({ ...untyped, ...others }))
const titles = ['vip', 'late', 'unused']
const labels = fc.subarray(titles.slice(0, 2))
const day = 86_400
const hour = 3600
const now = Math.floor(Date.now() / 1000)
// Not exactly at the limit of a number of days, because the clock goes on.
const seconds = fc.constantFrom(
  now - 10 * day - hour,
  now - 3 * day + hour,
  now - 3 * day - hour,
  now - 5,
  1_700_000_000,
)

const ofTexts: Operator[] = ['equal_to', 'not_equal_to', 'contains', 'does_not_contain', 'starts_with']
const presence: Operator[] = ['is_present', 'is_not_present']
const equality: Operator[] = ['equal_to', 'not_equal_to']

/** Selectors for attributes with a definition, whose names begin with `prefix`. */
function typedSelectors(prefix: string) {
  const days = fc.constantFrom('2026-01-30', '2026-01-31', '2026-02-01')
  const of = (key: keyof typeof types, operators: Operator[], values: fc.Arbitrary<unknown>) => ({
    [`${prefix}${key}`]: { operators, values },
  })
  const compared: Operator[] = [...equality, 'is_greater_than', 'is_less_than', ...presence]
  const numbers = fc.constantFrom('5', 5, 5.5, '-5.5', 0.1, -1, '0', 12)
  return {
    ...of('seats', compared, numbers),
    ...of('price', compared, numbers),
    ...of('since', compared, days),
    ...of('news', [...equality, ...presence], fc.constantFrom(true, 'false')),
    ...of('tier', [...equality, ...presence], fc.constantFrom(...tiers)),
    ...of('note', [...ofTexts, ...presence], words),
  }
}

function selectors(known: Record<string, { operators: Operator[]; values: fc.Arbitrary<unknown> }>) {
  const ofKey = (attribute_key: string, operators: Operator[], value: fc.Arbitrary<unknown>) =>
    fc.record({
      attribute_key: fc.constant(attribute_key),
      filter_operator: fc.constantFrom(...operators),
      values: fc.array(value, { minLength: 1, maxLength: 3 }),
      query_operator: fc.constantFrom('AND', 'AND', 'OR', null),
    })
  const numbers = fc.constantFrom('5', 5, 5.5, 0.1, -1, '0')
  const custom = keys.flatMap((key) => [
    ofKey(key, [...ofTexts, ...presence], fc.oneof(words, fc.constantFrom(5, 0.1, true, false))),
    ofKey(
      key,
      ['is_greater_than', 'is_less_than'],
      fc.oneof(numbers, fc.constantFrom('2026-01-30', '2026-02-01')),
    ),
    ofKey(key, ['days_before'], fc.constantFrom(1, 36_500)),
  ])
  const all = Object.entries(known).map(([key, { operators, values }]) => ofKey(key, operators, values))
  return fc.array(fc.oneof(...all, ...all, ...custom), { minLength: 1, maxLength: 5 }) as fc.Arbitrary<
    Selector[]
  >
}

const times = {
  operators: ['is_greater_than', 'is_less_than', ...presence] as Operator[],
  values: fc.oneof(seconds, seconds.map(String), fc.constant('2026-01-31')),
}
const labelled = { operators: [...equality, ...presence], values: fc.constantFrom(...titles) }
const ofText = { operators: [...ofTexts, ...presence], values: words }
const contactFilters = selectors({
  name: ofText,
  email: { ...ofText, values: fc.constantFrom('A@example.com', 'a@', 'example', 'nobody') },
  phone_number: { ...ofText, values: fc.constantFrom('+4930', '4930', '1', '+4911') },
  identifier: ofText,
  city: ofText,
  blocked: { operators: equality, values: fc.constantFrom(true, 'false') },
  labels: labelled,
  created_at: times,
  last_activity_at: times,
  ...typedSelectors(''),
})
const ids = fc.constantFrom(1, '2', 3, 9)
const ofId = { operators: [...equality, ...presence], values: ids }
const conversationFilters = selectors({
  status: { operators: equality, values: fc.constantFrom('open', 'resolved', 'all') },
  priority: { operators: [...equality, ...presence], values: fc.constantFrom('high', 'low') },
  assignee_id: ofId,
  inbox_id: ofId,
  team_id: ofId,
  contact_id: ofId,
  display_id: { ...ofId, values: fc.constantFrom(1, 7, '40') },
  referer: ofText,
  labels: labelled,
  created_at: { operators: [...times.operators, 'days_before'], values: fc.constantFrom(3, '10') },
  last_activity_at: times,
  'contact.plan': ofText,
  ...typedSelectors(''),
  ...typedSelectors('contact.'),
})

const lower = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

function numberOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function dayIn(value: unknown): string | undefined {
  return typeof value === 'string' ? /^\d{4}-\d\d-\d\d/.exec(value)?.[0] : undefined
}

/** The number that a value of an attribute of numbers stands for. */
function numberIn(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  const isNumber = typeof value === 'string' && /^-?(0|[1-9]\d*)(\.\d+)?$/.test(value)
  return isNumber && value.length <= 40 ? Number(value) : undefined
}

/** Whether a row matches one selector. */
function matches(row: Row, { attribute_key: name, filter_operator: operator, values }: Selector): boolean {
  const negated = { not_equal_to: 'equal_to', does_not_contain: 'contains', is_not_present: 'is_present' }[
    operator as 'not_equal_to'
  ]
  if (negated) return !matches(row, { attribute_key: name, filter_operator: negated as Operator, values })
  if (name === 'labels')
    return operator === 'is_present'
      ? row.labels.length > 0
      : values.some((one) => row.labels.includes(String(one)))
  const isAdditional = name === 'city' || name === 'referer'
  const isField = Object.hasOwn(row.fields, name)
  const isOfContact = row.ofContact !== undefined && name.startsWith('contact.')
  const key = isOfContact ? name.slice('contact.'.length) : name
  const inJson = (isOfContact ? row.ofContact! : isAdditional ? row.additional : row.custom)[key] ?? null
  const value = isField ? row.fields[name]! : inJson
  if (operator === 'is_present') return value !== null && value !== ''
  if (value === null) return false
  if (key === 'seats' || key === 'price' || key === 'since') {
    const own = key === 'since' ? dayIn(value) : numberIn(value)
    if (own === undefined) return false
    return values.some((one) => {
      const other = key === 'since' ? one : Number(one)
      if (operator === 'equal_to') return own === other
      return operator === 'is_greater_than' ? own > other : own < other
    })
  }
  if (name === 'status' && values.includes('all')) return true
  if (name.endsWith('_at')) {
    const secondsOf = (one: unknown) => (one === '2026-01-31' ? Date.UTC(2026, 0, 31) / 1000 : Number(one))
    if (operator === 'days_before') return values.some((one) => Number(value) < now - Number(one) * day)
    return values.some((one) =>
      operator === 'is_greater_than' ? Number(value) > secondsOf(one) : Number(value) < secondsOf(one),
    )
  }
  const all = name === 'phone_number' ? values.flatMap((one) => [one, `+${one}`]) : values
  return all.some((one) => {
    if (isField && typeof value !== 'string') return String(value) === String(one)
    const day = /^\d{4}-\d\d-\d\d/.exec(String(value))?.[0]
    if (operator === 'days_before')
      return (
        day !== undefined && day < new Date((now - Number(one) * 86_400) * 1000).toISOString().slice(0, 10)
      )
    if (/^\d{4}-/.test(String(one)) && operator.startsWith('is_'))
      return day !== undefined && (operator === 'is_greater_than' ? day > String(one) : day < String(one))
    if (operator === 'is_greater_than') return typeof value === 'number' && value > Number(one)
    if (operator === 'is_less_than') return typeof value === 'number' && value < Number(one)
    if (operator === 'equal_to' && typeof value === 'number') return value === numberOf(String(one))
    if (operator === 'equal_to' && typeof value === 'boolean') return lower(String(one)) === String(value)
    if (typeof value !== 'string') return false
    const [text, wanted] = [lower(value), lower(String(one))]
    if (operator === 'contains') return text.includes(wanted)
    return operator === 'starts_with' ? text.startsWith(wanted) : text === wanted
  })
}

/** The ids of the rows that match all selectors of one of the groups between OR, newest first. */
function expected(rows: Row[], all: Selector[]): number[] {
  const groups: Selector[][] = [[]]
  for (const [index, selector] of all.entries()) {
    groups.at(-1)!.push(selector)
    if (selector.query_operator === 'OR' && index < all.length - 1) groups.push([])
  }
  const found = rows.filter((row) => groups.some((group) => group.every((one) => matches(row, one))))
  return found.map(({ id }) => id).sort((one, other) => other - one)
}

/** Compares rows as an order of the list does: by bytes, and those without a value last. */
function inOrder(sort: ContactQuery['sort']) {
  const by = sort.replace('-', '')
  const direction = sort.startsWith('-') ? -1 : 1
  return (one: Row, other: Row) => {
    const [value, another] = [one.fields[by]!, other.fields[by]!]
    if ((value === null) !== (another === null)) return value === null ? 1 : -1
    const byValue =
      typeof value === 'string'
        ? Buffer.compare(Buffer.from(value), Buffer.from(String(another)))
        : Number(value) - Number(another)
    return direction * (byValue || one.id - other.id)
  }
}

describe('A filter', () => {
  let test: TestApp
  let contacts: Row[]
  let conversations: Row[]
  let agent: Actor
  let inbox: number
  const administrator: Actor = {
    accountId: 1,
    userId: 1,
    role: 'administrator',
    scopes: ['admin'],
    tokenId: 0,
  }

  before(async () => {
    test = await startTestApp()
    inbox = await addInbox(test)
    const { userId } = await addUser(test, { inboxes: [inbox] })
    agent = { ...administrator, userId, role: 'agent' }
    for (const title of titles) await test.api('/labels', { method: 'POST', body: { title } })
    for (const name of ['One', 'Two']) await test.api('/teams', { method: 'POST', body: { name } })
    for (const attribute_model of ['contact_attribute', 'conversation_attribute']) {
      for (const [attribute_key, attribute_display_type] of Object.entries(types)) {
        const body = {
          ...{
            attribute_model,
            attribute_key,
            attribute_display_type,
            attribute_display_name: attribute_key,
          },
          ...(attribute_display_type === 'list' ? { attribute_values: tiers } : {}),
        }
        await test.api('/custom_attribute_definitions', { method: 'POST', body })
      }
    }
    await test.app.database.transaction(1, async (tx) => {
      for (const table of ['messages', 'conversations'] as const) await tx.sql.deleteFrom(table).execute()
    })
    contacts = await insertContacts()
    conversations = await insertConversations()
  })
  after(() => test.close())

  const label = (table: string, owner: string, id: number, titles: string[]) =>
    test.app.database.transaction(1, async (tx) => {
      for (const title of titles)
        await sql`insert into ${sql.table(table)} (account_id, ${sql.ref(owner)}, label_id)
          select 1, ${id}, id from labels where title = ${title}`.execute(tx.sql)
    })

  async function insertContacts(): Promise<Row[]> {
    const one = fc.record({
      name: words,
      identifier: fc.option(words),
      custom: attributes,
      labels,
      seconds,
      active: fc.option(seconds),
      city: fc.option(words),
      blocked: fc.boolean(),
      email: fc.boolean(),
      phone: fc.boolean(),
    })
    const rows: Row[] = []
    for (const [index, row] of fc.sample(one, { numRuns: 60, seed }).entries()) {
      const id = index + 100
      const identifier = row.identifier ? `${row.identifier} ${id}` : null
      const email = row.email ? `a@example.com${id}` : null
      const phone_number = row.phone ? `+4930${id}` : null
      const additional: Row['additional'] = row.city === null ? {} : { city: row.city }
      const times = {
        created_at: row.seconds * 1000 + 999,
        updated_at: 1,
        last_activity_at: row.active && row.active * 1000,
      }
      await test.app.database.transaction(1, (tx) =>
        tx.sql
          .insertInto('contacts')
          .values({
            account_id: 1,
            id,
            name: row.name,
            email,
            phone_number,
            identifier,
            blocked: row.blocked ? 1 : 0,
            avatar_url: null,
            custom_attributes: JSON.stringify(row.custom),
            additional_attributes: JSON.stringify(additional),
            ...times,
          })
          .execute(),
      )
      await label('contact_labels', 'contact_id', id, row.labels)
      rows.push({
        id,
        labels: row.labels,
        custom: row.custom,
        additional,
        inbox_id: 0,
        fields: {
          name: row.name,
          email,
          phone_number,
          identifier,
          blocked: row.blocked,
          created_at: row.seconds,
          last_activity_at: row.active,
        },
      })
    }
    // That of the installation.
    await test.api('/contacts/1', { method: 'DELETE' })
    return rows
  }

  async function insertConversations(): Promise<Row[]> {
    const one = fc.record({
      status: fc.constantFrom('open', 'resolved', 'pending'),
      custom: attributes,
      labels,
      seconds,
      priority: fc.constantFrom(null, 'high', 'low'),
      assignee_id: fc.constantFrom(null, 1),
      at: seconds,
      team_id: fc.constantFrom(null, 1, 2),
      inbox_id: fc.constantFrom(1, inbox),
      referer: fc.option(words),
      contact: fc.nat(3),
    })
    const rows: Row[] = []
    for (const [index, row] of fc.sample(one, { numRuns: 80, seed }).entries()) {
      const id = index + 1
      const { status, priority, assignee_id, team_id, inbox_id } = row
      const contact_id = 100 + row.contact
      const additional: Row['additional'] = row.referer === null ? {} : { referer: row.referer }
      await test.app.database.transaction(1, async (tx) => {
        const source = { account_id: 1, inbox_id, source_id: `c${contact_id}`, contact_id, created_at: 1 }
        await tx.sql
          .insertInto('contact_inboxes')
          .values(source)
          .onConflict((conflict) => conflict.doNothing())
          .execute()
        await tx.sql
          .insertInto('conversations')
          .values({
            account_id: 1,
            id,
            inbox_id,
            contact_id,
            source_id: source.source_id,
            status: status as 'open',
            priority: priority as 'high',
            assignee_id,
            team_id,
            unread_count: 0,
            custom_attributes: JSON.stringify(row.custom),
            additional_attributes: JSON.stringify(additional),
            last_activity_at: row.at * 1000,
            created_at: row.seconds * 1000,
            updated_at: 1,
          })
          .execute()
      })
      await label('conversation_labels', 'conversation_id', id, row.labels)
      rows.push({
        id,
        labels: row.labels,
        custom: row.custom,
        additional,
        ofContact: contacts.find(({ id }) => id === contact_id)!.custom,
        inbox_id,
        fields: {
          status,
          priority,
          assignee_id,
          team_id,
          inbox_id,
          contact_id,
          display_id: id,
          created_at: row.seconds,
          last_activity_at: row.at,
        },
      })
    }
    return rows
  }

  // With low limits, filters are evaluated in the ways that large accounts need.
  const limits = fc.record({
    window: fc.constantFrom(1, 7, 2000),
    time: fc.constantFrom(0, 1000),
    found: fc.constantFrom(0, 5000),
  })

  type Find = (query: { before_id?: number }) => Promise<{
    payload: { id: number }[]
    meta: { before_id: number | null; timed_out: boolean }
  }>
  async function allPages(find: Find): Promise<number[]> {
    const found: number[] = []
    let before_id: number | null | undefined
    while (before_id !== null) {
      const page = await find(before_id === undefined ? {} : { before_id })
      found.push(...page.payload.map(({ id }) => id))
      ;({ before_id } = page.meta)
    }
    return found
  }

  it('of contacts finds what an evaluation of each of them finds', async () => {
    const property = fc.asyncProperty(contactFilters, limits, async (payload, within) => {
      const find: Find = (query) =>
        filterContacts(test.app.database.read, administrator, { payload }, query, within)
      assert.deepEqual(await allPages(find), expected(contacts, payload))
    })
    await fc.assert(property, { numRuns: 300, seed })
  })

  it('of contacts finds the same in each order, whatever the pages begin with', async () => {
    const sorts = sortKeys.flatMap((key) => [key, `-${key}`] as ContactQuery['sort'][])
    // An index finds these few, which are then sorted.
    const labelled = fc
      .constantFrom(...titles)
      .map((title): Selector[] => [
        { attribute_key: 'labels', filter_operator: 'equal_to', values: [title], query_operator: null },
      ])
    const property = fc.asyncProperty(
      fc.oneof(contactFilters, labelled),
      limits,
      fc.constantFrom(...sorts),
      async (payload, within, sort) => {
        const found: number[] = []
        let next: string | null | undefined
        while (next !== null) {
          const query = { sort, ...(next === undefined ? {} : { cursor: next }) }
          const page = await filterContacts(test.app.database.read, administrator, { payload }, query, within)
          found.push(...page.payload.map(({ id }) => id))
          assert.ok(page.payload.length <= 15)
          next = page.meta.next
        }
        const ids = new Set(expected(contacts, payload))
        const rows = contacts.filter(({ id }) => ids.has(id)).sort(inOrder(sort))
        assert.deepEqual(
          found,
          rows.map(({ id }) => id),
        )
      },
    )
    await fc.assert(property, { numRuns: 300, seed })
  })

  it('of conversations finds what an evaluation of each visible one finds', async () => {
    const property = fc.asyncProperty(
      conversationFilters,
      limits,
      fc.boolean(),
      async (payload, within, isAgent) => {
        const actor = isAgent ? agent : administrator
        const find: Find = (query) =>
          filterConversations(test.app.database.read, actor, { payload }, query, within)
        const visible = conversations.filter(({ inbox_id }) => !isAgent || inbox_id === inbox)
        assert.deepEqual(await allPages(find), expected(visible, payload))
      },
    )
    await fc.assert(property, { numRuns: 300, seed })
  })

  it('of a view finds the same in the order of the last activity, and counts it', async () => {
    const property = fc.asyncProperty(
      conversationFilters,
      limits,
      fc.boolean(),
      async (payload, within, isAgent) => {
        const { read } = test.app.database
        const actor = isAgent ? agent : administrator
        const found: number[] = []
        let cursor: string | null | undefined
        while (cursor !== null) {
          const page = await listFiltered(read, actor, payload, cursor, within)
          found.push(...page.payload.map(({ id }) => id))
          cursor = page.meta.next
        }
        const visible = conversations.filter(({ inbox_id }) => !isAgent || inbox_id === inbox)
        const ids = new Set(expected(visible, payload))
        const byActivity = visible
          .filter(({ id }) => ids.has(id))
          .sort(
            (one, other) =>
              Number(other.fields.last_activity_at) - Number(one.fields.last_activity_at) ||
              other.id - one.id,
          )
        assert.deepEqual(
          found,
          byActivity.map(({ id }) => id),
        )
        const { count, count_capped } = await countFiltered(read, actor, payload, within)
        assert.ok(count_capped ? count <= ids.size : count === ids.size)
      },
    )
    await fc.assert(property, { numRuns: 100, seed })
  })
})
