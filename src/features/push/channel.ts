import type { Queries } from '../../db/database.ts'
import type { NotificationChannel } from '../notifications/channels.ts'
import { findUnread } from '../notifications/service.ts'
import { type PushRequest, requestPushTo } from './requests.ts'
import { deleteShown, insertShown, selectIds } from './store.ts'

/** Passes notifications on to the browsers of their user. */
export const pushChannel: NotificationChannel = {
  name: 'push',
  async send(tx, { accountId, userId, notificationId, notBefore }) {
    const subject = { kind: 'notification', notification_id: notificationId, not_before: notBefore } as const
    for (const { id } of await selectIds(tx, { user_id: userId, now: Date.now() })) {
      await requestPushTo(tx, accountId, id, subject)
    }
  },
  async withdraw(tx, accountId, userId, notificationIds) {
    const shown = await deleteShown(tx, accountId, userId, notificationIds)
    for (const { subscription_id, notification_id } of shown) {
      await requestPushTo(tx, accountId, subscription_id, { kind: 'withdrawal', notification_id })
    }
  },
}

/** Records that a browser shows a notification, so that it can be withdrawn: at once if it was read meanwhile. */
export async function noteShown(
  tx: Queries,
  accountId: number,
  request: PushRequest & { kind: 'notification' },
): Promise<void> {
  const { subscription_id, notification_id } = request
  const user_id = await insertShown(
    tx,
    { account_id: accountId, subscription_id, notification_id },
    Date.now(),
  )
  if (user_id === undefined) return
  const key = { account_id: accountId, user_id, id: notification_id }
  if (!(await findUnread(tx, key))) await pushChannel.withdraw!(tx, accountId, user_id, [notification_id])
}
