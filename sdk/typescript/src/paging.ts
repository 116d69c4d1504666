import type { Query } from './caller.ts'

interface NumberedPage<Item> {
  payload: Item[]
  meta: { current_page: number; total_pages: number }
}

/** Splits a page of a list with numbered pages. */
export function byPage<Item>({ payload, meta: { current_page, total_pages } }: NumberedPage<Item>) {
  return { items: payload, next: current_page < total_pages ? { page: current_page + 1 } : undefined }
}

/**
 * Splits a page of messages, which has them oldest first. The list goes on to older ones, so it returns them newest first,
 * unless the query has `after_id`.
 */
export function messagesOf<Message>(
  payload: readonly Message[],
  before_id: number | null,
  after_id: number | null,
  query: Query,
): { items: readonly Message[]; next: object | undefined } {
  if (query.after_id !== undefined)
    return { items: payload, next: after_id === null ? undefined : { after_id } }
  const next = before_id === null ? undefined : { before_id, around_id: undefined }
  return { items: payload.toReversed(), next }
}
