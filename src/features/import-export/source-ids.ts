import { secretHash } from '../../lib/secrets.ts'
import { isSecret } from '../contacts/contact-inboxes.ts'

/*
 * Rows that were not imported have no `source_id` of a file. Exports generate one from the id and the time of creation: it
 * is the same in each export, differs from those of other installations, and imports into the same one recognize it.
 */

/** The `source_id` in an export of a row that has none of its own. */
export function generatedSourceId({ id, created_at }: { id: number; created_at: number }): string {
  return `${id}@${created_at}`
}

/** The parts of a generated `source_id`; undefined for any other. */
export function parseGenerated(sourceId: string): { sourceId: string; id: number; time: number } | undefined {
  const [, id, time] = /^([1-9]\d{0,15})@(\d{1,15})$/.exec(sourceId) ?? []
  return id && time ? { sourceId, id: Number(id), time: Number(time) } : undefined
}

/** The generated ones of these, by the ids of their rows. */
export function generatedById(sourceIds: string[]): Map<number, { sourceId: string; time: number }> {
  return new Map(sourceIds.flatMap((one) => parseGenerated(one) ?? []).map((one) => [one.id, one]))
}

/**
 * The columns of the contact inbox for a `source_id` in a file. Exports of Ndoto 0.1 contain secrets: their row has the
 * hash as its key, like those that the migration of the database created, and the hash is in `contact_secrets`, too.
 */
export function contactInboxColumns(sourceId: string): { source_id: string; has_name: number } {
  return isSecret(sourceId)
    ? { source_id: secretHash(sourceId), has_name: 0 }
    : { source_id: sourceId, has_name: 1 }
}
