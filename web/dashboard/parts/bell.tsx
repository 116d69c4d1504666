import { Icon } from '../icons.tsx'
import { number } from '../language.ts'
import { unreadNotifications } from '../notifications/own.ts'
import { mute, mutedUntil, unmute } from '../notifications/preferences.ts'
import { strings } from '../strings.ts'
import { clockTime } from '../times.ts'
import { keys, keyText, useKeys } from './keys.ts'
import { late } from './late.tsx'
import { openOverlay, overlay } from './overlay.tsx'

const t = strings.notifications
const mostShown = 99

const NotificationList = late<object>(
  () => import('../notifications/list.tsx').then((part) => part.NotificationList),
  () => null,
)

/** Opens the list of notifications, and shows how many are unread, and whether sounds are muted; a key mutes them. */
export function Bell() {
  const until = mutedUntil.value
  const muted = until === undefined ? undefined : t.mutedUntil(clockTime(until / 1000))
  const count = unreadNotifications.value
  const open = () => openOverlay('notifications')
  useKeys({ mute: () => (until === undefined ? mute() : unmute()), notifications: open })
  return (
    <>
      <button
        type="button"
        class="rail-item rail-bell"
        aria-haspopup="dialog"
        aria-keyshortcuts={keys.notifications.key}
        title={`${muted ?? t.title} (${keyText('notifications')})`}
        onClick={open}
      >
        <span class="rail-icon">
          <Icon name={muted ? 'bellOff' : 'bell'} />
          {count > 0 && (
            <span class="rail-count" aria-hidden="true">
              {count > mostShown ? `${number(mostShown)}+` : number(count)}
            </span>
          )}
        </span>
        <span class="rail-name">
          {muted ? t.muted : t.title}
          {count > 0 && <span class="unseen"> {t.unread(count)}</span>}
        </span>
      </button>
      <span class="unseen" role="status">
        {muted}
      </span>
      {overlay.value?.name === 'notifications' && <NotificationList key={overlay.value.opening} />}
    </>
  )
}
