import type { Database, Queries } from '../../db/database.ts'
import { nextId } from '../../db/ids.ts'
import { type Actor, assertAuthorOrAdministrator } from '../../lib/actor.ts'
import { invalid, notFound, Refusal } from '../../lib/errors.ts'
import type { StoredAttachment } from '../attachments/parts.store.ts'
import { mostFiles } from '../attachments/schema.ts'
import { type Upload, withStoredFiles } from '../attachments/service.ts'
import { folded } from '../search/words.ts'
import { cannedResponseEvents } from './events.ts'
import {
  type CannedResponse,
  type CannedResponseChange,
  type CannedResponseQuery,
  cannedResponsesPerPage,
  mostOwn,
  mostShared,
  type NewCannedResponse,
} from './schema.ts'
import * as store from './store.ts'

/** Returns a page of the canned responses that the actor sees, by short code, and whether there are more. */
export async function listCannedResponses(
  queries: Queries,
  { accountId, userId }: Actor,
  { search = '', page }: CannedResponseQuery,
): Promise<{ payload: CannedResponse[]; meta: { has_more: boolean } }> {
  const limit = cannedResponsesPerPage + 1
  const range = { text: folded(search.trim()), limit, offset: (page - 1) * cannedResponsesPerPage }
  const found = await store.selectCannedResponses(queries, accountId, userId, range)
  return { payload: found.slice(0, cannedResponsesPerPage), meta: { has_more: found.length === limit } }
}

/** Returns a canned response that the actor sees. Throws `not_found`. */
export async function getCannedResponse(queries: Queries, actor: Actor, id: number): Promise<CannedResponse> {
  return (await getStored(queries, actor, id)).shown
}

/**
 * Creates a canned response, with the files of `upload`. Throws `invalid` if the actor sees another one with the same short
 * code, and `limit_reached` if there are too many.
 */
export function createCannedResponse(
  database: Database,
  actor: Actor,
  { short_code, content, visibility }: NewCannedResponse,
  upload?: Upload,
): Promise<CannedResponse> {
  const { accountId, userId } = actor
  const user_id = visibility === 'mine' ? userId : null
  return withStoredFiles(accountId, upload, (files) =>
    database.transaction(accountId, async (tx) => {
      await assertUnused(tx, actor, short_code)
      await assertRoom(tx, accountId, user_id)
      const id = await nextId(tx, accountId, 'canned_responses')
      const now = Date.now()
      await store.insertCannedResponse(tx, {
        ...{ account_id: accountId, id, short_code, content, folded: foldedText(short_code, content) },
        ...{ attachments: files?.text ?? null, user_id, author_id: userId, created_at: now, updated_at: now },
      })
      await files?.attach(tx)
      const created = await getCannedResponse(tx, actor, id)
      if (visibility === 'account') await cannedResponseEvents.created(tx, actor, created)
      return created
    }),
  )
}

/**
 * Changes a canned response, adds the files of `upload`, and removes files. Throws `not_found`, `forbidden` if the actor is
 * neither its author nor an administrator, and as `createCannedResponse` does.
 */
export function changeCannedResponse(
  database: Database,
  actor: Actor,
  id: number,
  input: CannedResponseChange,
  upload?: Upload,
): Promise<CannedResponse> {
  const { accountId, userId } = actor
  return withStoredFiles(accountId, upload, (files) =>
    database.transaction(accountId, async (tx) => {
      const { shown: before, attachments } = await getStored(tx, actor, id)
      assertAuthorOrAdministrator(actor, before.author_id, 'a canned response')
      const {
        short_code = before.short_code,
        content = before.content,
        visibility = before.visibility,
      } = input
      if (short_code !== before.short_code) await assertUnused(tx, actor, short_code)
      const user_id = visibility === 'mine' ? userId : null
      if (visibility !== before.visibility) {
        assertAuthor(actor, before)
        await assertRoom(tx, accountId, user_id)
      }
      await store.updateCannedResponse(tx, accountId, id, {
        ...{ short_code, content, folded: foldedText(short_code, content), user_id, updated_at: Date.now() },
        attachments: attachmentsAfter(attachments, input.attachment_ids, files?.text ?? undefined),
      })
      await files?.attach(tx)
      const after = await getCannedResponse(tx, actor, id)
      await logChange(tx, actor, before, after)
      return after
    }),
  )
}

/** For those who do not see what is `mine`, it is deleted and created. */
async function logChange(tx: Queries, actor: Actor, before: CannedResponse, after: CannedResponse) {
  const [was, is] = [before.visibility === 'account', after.visibility === 'account']
  if (was && is) await cannedResponseEvents.updated(tx, actor, before, after)
  else if (was) await cannedResponseEvents.deleted(tx, actor, before)
  else if (is) await cannedResponseEvents.created(tx, actor, after)
}

/** Deletes a canned response, and its files unless messages have them. Throws `not_found` and `forbidden`. */
export function removeCannedResponse(database: Database, actor: Actor, id: number): Promise<void> {
  return database.transaction(actor.accountId, async (tx) => {
    const before = await getCannedResponse(tx, actor, id)
    assertAuthorOrAdministrator(actor, before.author_id, 'a canned response')
    await store.deleteCannedResponse(tx, actor.accountId, id)
    if (before.visibility === 'account') await cannedResponseEvents.deleted(tx, actor, before)
  })
}

/**
 * Returns the files of canned responses, as the message that is sent with them stores them. Throws `invalid` if the actor
 * does not see one of them.
 */
export async function filesOf(
  queries: Queries,
  { accountId, userId }: Actor,
  ids: readonly number[],
): Promise<StoredAttachment[]> {
  if (ids.length === 0) return []
  const found = await store.selectByIds(queries, accountId, userId, ids)
  if (found.length < ids.length)
    throw invalid('canned_response_ids', 'names no canned response that you see', 'not_found')
  return found.flatMap(({ attachments }) => JSON.parse(attachments ?? '[]') as StoredAttachment[])
}

async function getStored(queries: Queries, { accountId, userId }: Actor, id: number) {
  const [found] = await store.selectByIds(queries, accountId, userId, [id])
  if (!found) throw notFound('canned response')
  return found
}

function foldedText(shortCode: string, content: string): string {
  return folded(`${shortCode}\n${content}`)
}

/** Returns the column `attachments`: those of `before` that are kept, and `added`. */
function attachmentsAfter(before: string | null, kept: number[] | undefined, added: string | undefined) {
  const old: StoredAttachment[] = JSON.parse(before ?? '[]')
  const unknown = kept?.find((id) => !old.some((one) => one.id === id))
  if (unknown !== undefined) throw invalid('attachment_ids', `has no file ${unknown}`, 'not_found')
  const all = [...old.filter(({ id }) => kept?.includes(id) ?? true), ...JSON.parse(added ?? '[]')]
  if (all.length > mostFiles)
    throw invalid('attachments', `must be at most ${mostFiles} files`, 'too_many_items')
  return all.length > 0 ? JSON.stringify(all) : null
}

function assertAuthor({ userId }: Actor, { author_id }: CannedResponse): void {
  if (author_id === userId) return
  throw new Refusal('forbidden', 'only its author may change the visibility of a canned response')
}

async function assertUnused(tx: Queries, { accountId, userId }: Actor, shortCode: string): Promise<void> {
  const [id] = await store.selectIdsOf(tx, accountId, userId, shortCode)
  if (id !== undefined) throw invalid('short_code', `is already used by canned response ${id}`, 'taken')
}

async function assertRoom(tx: Queries, accountId: number, userId: number | null): Promise<void> {
  const most = userId === null ? mostShared : mostOwn
  if ((await store.countOf(tx, accountId, userId)) < most) return
  const whose = userId === null ? 'the account has' : 'you have'
  throw new Refusal('limit_reached', `${whose} ${most} canned responses: delete one first`)
}
