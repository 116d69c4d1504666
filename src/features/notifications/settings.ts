import type { Database, Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { invalid } from '../../lib/errors.ts'
import { notificationChannels } from './channels.ts'
import { isTimeZone } from './quiet-hours.ts'
import {
  type ChannelName,
  channelNames,
  defaultKinds,
  type Kinds,
  type NotificationSettings,
  type NotificationSettingsChange,
  notificationTypes,
  type QuietHours,
} from './schema.ts'
import { selectSettings, upsertSettings } from './settings.store.ts'

/** What a user wants to be notified of. */
export interface Wishes {
  kinds: Kinds
  quietHours: QuietHours | null
}

/** Returns what the actor is notified of in the account. */
export async function getSettings(queries: Queries, actor: Actor): Promise<NotificationSettings> {
  const { kinds, quietHours } = (await wishesOf(queries, actor.accountId, [actor.userId])).get(actor.userId)!
  const added = notificationChannels.of(queries).map(({ name }) => name)
  const available = channelNames.filter((name) => name === 'app' || added.includes(name))
  return { kinds, quiet_hours: quietHours, available_channels: available }
}

/** Changes the given settings of the actor. Throws `invalid` for an unknown time zone. */
export async function changeSettings(
  database: Database,
  actor: Actor,
  { kinds, quiet_hours }: NotificationSettingsChange,
): Promise<NotificationSettings> {
  const { accountId, userId } = actor
  if (quiet_hours && !isTimeZone(quiet_hours.time_zone))
    throw invalid('quiet_hours.time_zone', 'must be a time zone such as Europe/Berlin')
  return database.transaction(accountId, async (tx) => {
    await applySettings(tx, accountId, userId, { kinds, quiet_hours })
    return getSettings(tx, actor)
  })
}

/** Switches off all mails about notifications of a user. */
export async function switchOffMails(tx: Queries, accountId: number, userId: number): Promise<void> {
  const kinds = Object.fromEntries(notificationTypes.map((type) => [type, { email: false }]))
  await applySettings(tx, accountId, userId, { kinds })
}

async function applySettings(
  tx: Queries,
  accountId: number,
  userId: number,
  { kinds = {}, quiet_hours }: NotificationSettingsChange,
): Promise<void> {
  const before = (await wishesOf(tx, accountId, [userId])).get(userId)!
  const hours = quiet_hours === undefined ? before.quietHours : quiet_hours
  await upsertSettings(tx, {
    account_id: accountId,
    user_id: userId,
    kinds: JSON.stringify(merged(before.kinds, kinds)),
    quiet_hours: hours && JSON.stringify(hours),
    updated_at: Date.now(),
  })
}

/** Returns what each of these users wants to be notified of. */
export async function wishesOf(
  queries: Queries,
  accountId: number,
  userIds: readonly number[],
): Promise<Map<number, Wishes>> {
  const rows = await selectSettings(queries, accountId, userIds)
  const stored = new Map(rows.map((row) => [row.user_id, row]))
  return new Map(
    userIds.map((id) => {
      const row = stored.get(id)
      const kinds = row ? merged(defaultKinds, JSON.parse(row.kinds)) : defaultKinds
      return [id, { kinds, quietHours: row?.quiet_hours ? JSON.parse(row.quiet_hours) : null }]
    }),
  )
}

type SomeKinds = Partial<Record<keyof Kinds, Partial<Record<ChannelName, boolean>>>>

function merged(base: Kinds, change: SomeKinds): Kinds {
  const all = notificationTypes.map((type) => [type, { ...base[type], ...change[type] }])
  return Object.fromEntries(all) as Kinds
}
