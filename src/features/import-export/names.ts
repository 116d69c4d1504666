import { secretHash } from '../../lib/secrets.ts'
import { isSecret } from '../contacts/service.ts'

/*
 * What was not imported has no name of its own in files. It gets one of its id and its time of creation: the same at
 * each export, another than what another installation gives, and known again by the one that has given it.
 */

/** The name in files of what was not imported. */
export function nameOf({ id, created_at }: { id: number; created_at: number }): string {
  return `${id}@${created_at}`
}

/** What such a name is made of; undefined for every other name. */
export function nativeName(name: string): { name: string; id: number; time: number } | undefined {
  const [, id, time] = /^([1-9]\d{0,15})@(\d{1,15})$/.exec(name) ?? []
  return id && time ? { name, id: Number(id), time: Number(time) } : undefined
}

/**
 * The row of a name at an inbox. Exports of Ndoto 0.1 have secrets among the names: such a row has the hash as its key, as
 * the migration of the database made it, and `contact_secrets` has it, too.
 */
export function contactInboxOf(name: string): { source_id: string; has_name: number } {
  return isSecret(name) ? { source_id: secretHash(name), has_name: 0 } : { source_id: name, has_name: 1 }
}
