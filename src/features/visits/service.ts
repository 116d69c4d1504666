import type { Database, Queries } from '../../db/database.ts'
import type { Tables } from '../../db/tables.ts'
import type { Actor } from '../../lib/actor.ts'
import { invalid, notFound } from '../../lib/errors.ts'
import { toSeconds } from '../../lib/time.ts'
import { assertNotBlocked, contactExists } from '../contacts/service.ts'
import { maxUrl, type NewVisit, type Visit } from './schema.ts'
import * as store from './store.ts'

/** A browser as its requests describe it. */
export interface Browser {
  language: string | null
  user_agent: string | null
}

const maxUserAgent = 500

/** The browser that has sent these headers. */
export function browserOf(headers: Record<string, string | string[] | undefined>): Browser {
  const [language] =
    /^[a-z]{1,8}(?:-[a-z0-9]{1,8}){0,4}\b/i.exec(String(headers['accept-language'] ?? '')) ?? []
  return {
    language: language ?? null,
    user_agent:
      headers['user-agent'] === undefined ? null : String(headers['user-agent']).slice(0, maxUserAgent),
  }
}

/**
 * Stores where a contact is, in place of where they were before in this inbox. Throws `invalid` for an address that is not
 * one of a web page, and `contact_blocked`.
 */
export function recordVisit(
  database: Database,
  { account_id, inbox_id, contact_id }: Pick<Tables['visits'], 'account_id' | 'inbox_id' | 'contact_id'>,
  visit: NewVisit,
  browser: Browser,
): Promise<void> {
  const row = {
    account_id,
    contact_id,
    inbox_id,
    ...pageOf(visit),
    ...browser,
  }
  return database.transaction(account_id, async (tx) => {
    // The contact may have been erased since.
    if (!(await contactExists(tx, account_id, contact_id))) throw notFound('contact')
    await assertNotBlocked(tx, account_id, contact_id)
    await store.upsertVisit(tx, { ...row, seen_at: Date.now() })
  })
}

/** What is stored of the page of a visit. Throws `invalid` for an address that is not one of a web page. */
export function pageOf(visit: NewVisit): Record<keyof NewVisit, string | null> {
  return {
    page_url: pageAddress('page_url', visit.page_url),
    page_title: visit.page_title?.trim() || null,
    referrer_url: pageAddress('referrer_url', visit.referrer_url),
  }
}

/**
 * An address without what can be a secret: links to reset a password and to sign in have a token in their query or
 * fragment, and some have a password before the host.
 */
function pageAddress(field: string, text: string | null | undefined): string | null {
  if (!text) return null
  const url = URL.parse(text)
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw invalid(field, 'must be an http:// or https:// URL', 'wrong_format')
  }
  const address = url.origin + url.pathname
  // Parsing escapes letters that are not ASCII.
  if (address.length > maxUrl) throw invalid(field, `must have at most ${maxUrl} characters`, 'too_long')
  return address
}

/** Where a contact was last seen, in the inboxes that the actor sees, latest first. Throws `not_found`. */
export async function listVisits(queries: Queries, actor: Actor, contactId: number): Promise<Visit[]> {
  if (!(await contactExists(queries, actor.accountId, contactId))) throw notFound('contact')
  const rows = await store.selectVisits(queries, actor, contactId)
  return rows.map(({ account_id, contact_id, seen_at, ...visit }) => ({
    ...visit,
    seen_at: toSeconds(seen_at),
  }))
}

/** Makes the visits of one contact those of another, which it is merged into. */
export function moveVisits(tx: Queries, accountId: number, fromId: number, toId: number): Promise<void> {
  return store.moveVisits(tx, accountId, fromId, toId)
}

/** Forgets where the contacts of an inbox were. */
export function forgetVisits(tx: Queries, inbox: { account_id: number; id: number }): Promise<void> {
  return store.deleteVisits(tx, inbox.account_id, inbox.id)
}
