import type { Queries } from '../../db/database.ts'
import { openedOrNull, sealed } from '../../lib/secret-box.ts'

/** The key with which a server introduces itself to push services (VAPID, RFC 8292), in base64url. */
export interface ServerKey {
  /** An uncompressed point of the curve P-256. Browsers get it for their subscription. */
  publicKey: string
  privateKey: string
}

const id = 1
const place = { table: 'push_keys', column: 'private_key', key: [id] }

/** Returns the key of the server; undefined if there is none yet, or if it cannot be decrypted. */
export async function findKey(queries: Queries): Promise<ServerKey | undefined> {
  const row = await queries.sql.selectFrom('push_keys').selectAll().executeTakeFirst()
  const privateKey = openedOrNull(queries, row?.private_key ?? null, place)
  return row && privateKey !== null ? { publicKey: row.public_key, privateKey } : undefined
}

/** Stores the key of the server, in place of one that cannot be decrypted. */
export async function replaceKey(tx: Queries, { publicKey, privateKey }: ServerKey): Promise<void> {
  await tx.sql.deleteFrom('push_keys').execute()
  const row = {
    id,
    public_key: publicKey,
    private_key: sealed(tx, privateKey, place),
    created_at: Date.now(),
  }
  await tx.sql.insertInto('push_keys').values(row).execute()
}
