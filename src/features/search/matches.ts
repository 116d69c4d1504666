import type { Queries } from '../../db/database.ts'
import {
  type Documents,
  documentAt,
  type Match,
  matchesOnPostgres,
  matchesOnSqlite,
  newestDocument,
} from './match.store.ts'
import { planTerms, type Term } from './query.ts'

/** A search that goes from the newest document to the oldest. */
export interface Search {
  accountId: number
  subject: Documents['subject']
  words: string[]
  /** Only documents with ids below; by default all. */
  before?: number | undefined
  /** Only documents with ids from here on; by default all. */
  from?: number | undefined
  limit: number
  /** When to stop, on the clock of `performance.now()`. */
  deadline: number
}

/** The newest matches, and the id below which documents were not looked at; null if all were. */
export interface Matches {
  matches: Match[]
  next: number | null
}

/** The sizes of steps, which only tests change. */
export const steps = {
  /** Documents that a step on SQLite compares. */
  read: 4000,
  /** A word is rare on SQLite if fewer documents have it, or a smaller part of them than `rarePart`. */
  rare: 200,
  /** The number of ids that the first step on PostgreSQL covers. */
  ids: 1024,
}

/**
 * Returns the newest documents that contain all of the words. Its cost depends on `limit` and the deadline, and not on
 * how many documents there are, or contain the words.
 */
export async function findMatches(queries: Queries, search: Search): Promise<Matches> {
  const { accountId, subject, words, from = 0 } = search
  if (words.length === 0) return { matches: [], next: null }
  const newest = await newestDocument(queries, { account_id: accountId, subject })
  const before = Math.min(search.before ?? Number.POSITIVE_INFINITY, newest + 1)
  if (before <= from) return { matches: [], next: null }
  const documents: Documents = { account_id: accountId, subject, from, before }
  const start = performance.now()
  const terms = await planTerms(queries, documents, words)
  const planTime = performance.now() - start
  if (queries.engine === 'sqlite') return walkSqlite(queries, documents, terms, search)
  return walkPostgres(queries, documents, terms, { ...search, isFromNewest: before > newest, planTime })
}

type Limits = Pick<Search, 'limit' | 'deadline'>

const rarePart = 0.01

/**
 * FTS5 reads the matches of one word from the newest on. For several words it reads all documents of each, so only rare
 * words are looked up together; whether a document contains the others is seen in its text.
 */
async function walkSqlite(
  queries: Queries,
  documents: Documents,
  terms: Term[],
  { limit, deadline }: Limits,
): Promise<Matches> {
  const { used, compared } = await chooseLookups(queries, documents, terms)
  const lookups = used.map(({ lookup }) => lookup!)
  const parts = compared.map(({ part }) => part)
  const matches: Match[] = []
  const read = parts.length === 0 ? limit : steps.read
  let { before } = documents
  for (;;) {
    const range = { ...documents, before }
    const missing = limit - matches.length
    matches.push(...(await matchesOnSqlite(queries, range, lookups, parts, { limit: missing, read })))
    if (matches.length === limit) return { matches, next: nextOf(matches.at(-1)!.subject_id, documents) }
    if (parts.length === 0) return { matches, next: null }
    const last = await documentAt(queries, range, lookups, read - 1)
    if (last === undefined) return { matches, next: null }
    if (performance.now() > deadline) return { matches, next: nextOf(last, documents) }
    before = last
  }
}

/** Returns which terms to look up, and of which to compare the texts. */
async function chooseLookups(queries: Queries, documents: Documents, terms: Term[]) {
  const candidates = terms.filter(({ lookup }) => lookup !== undefined)
  const parts =
    candidates.length > 1 ? await Promise.all(candidates.map((one) => partOf(queries, documents, one))) : [0]
  const rarest = Math.min(...parts)
  const used = candidates.filter((_, index) => parts[index] === rarest || parts[index]! < rarePart)
  // Of two that are equally common, one is enough.
  const lookups = rarest < rarePart ? used : used.slice(0, 1)
  return { used: lookups, compared: terms.filter((term) => term.isRough || !lookups.includes(term)) }
}

/** Estimates in which part of the documents a word is, by its newest ones. */
async function partOf(queries: Queries, documents: Documents, { lookup }: Term): Promise<number> {
  const last = await documentAt(queries, documents, [lookup!], steps.rare - 1)
  return last === undefined ? 0 : steps.rare / (documents.before - last)
}

// A step on PostgreSQL covers at most so many times as many ids as the previous one.
const growth = 32
// A step that would probably take longer than this many milliseconds covers fewer ids.
const longStep = 10
// Milliseconds of a step that do not depend on its size.
const overhead = 1

/**
 * A GIN index finds all matches before the first one can be read, so each step covers a window of ids: it is as large as
 * the matches so far suggest, and much larger after a window without any. The last step of a search that began at the
 * newest document omits the windows, because GIN compares each match with each of them. It then reads newer matches again,
 * of which there are fewer than `limit`. Texts to compare need the windows, because the index may find every document.
 */
async function walkPostgres(
  queries: Queries,
  documents: Documents,
  terms: Term[],
  { limit, deadline, isFromNewest, planTime }: Limits & { isFromNewest: boolean; planTime: number },
): Promise<Matches> {
  const lookups = terms.flatMap(({ lookup }) => lookup ?? [])
  const parts = terms.filter(({ lookup, isRough }) => isRough || !lookup).map(({ part }) => part)
  const matches: Match[] = []
  // The first step was to look at the newest documents while the words were planned.
  const absentFrom = terms.map((term) => term.absentFrom ?? documents.before)
  let before = Math.min(documents.before, ...absentFrom)
  const seen = { size: documents.before - before, missing: limit, found: 0, time: planTime }
  let size = Math.max(steps.ids, nextSize(seen))
  while (before > documents.from) {
    const start = performance.now()
    const from = Math.max(documents.from, before - size)
    const missing = limit - matches.length
    const range = { ...documents, from, before }
    const omitsWindows = isFromNewest && from === 0 && parts.length === 0
    const found = await matchesOnPostgres(queries, range, lookups, parts, { limit: missing, omitsWindows })
    matches.push(...found)
    if (matches.length === limit) return { matches, next: nextOf(matches.at(-1)!.subject_id, documents) }
    const now = performance.now()
    if (now > deadline && from > documents.from) return { matches, next: from }
    before = from
    size = nextSize({ size, missing, found: found.length, time: now - start })
  }
  return { matches, next: null }
}

function nextSize(step: { size: number; missing: number; found: number; time: number }): number {
  const { size, missing, found, time } = step
  const most = Math.max(1, Math.min(growth, longStep / Math.max(0, time - overhead)))
  const needed = found === 0 ? Number.POSITIVE_INFINITY : Math.ceil((1.2 * size * missing) / found)
  return Math.ceil(Math.min(size * most, Math.max(size, needed)))
}

function nextOf(id: number, { from }: Documents): number | null {
  return id > from ? id : null
}
