import { Icon } from '../icons.tsx'
import { mute, mutedUntil, unmute } from '../notifications/preferences.ts'
import { strings } from '../strings.ts'
import { clockTime } from '../times.ts'
import { keys, keyText, useKeys } from './keys.ts'

const t = strings.notifications

/** Leads to the settings of notifications, and shows whether they are muted; a key mutes them. */
export function Bell() {
  const until = mutedUntil.value
  const muted = until === undefined ? undefined : t.mutedUntil(clockTime(until / 1000))
  useKeys({ mute: () => (until === undefined ? mute() : unmute()) })
  return (
    <>
      <a
        class="rail-item not-narrow"
        href="/settings/notifications"
        title={`${muted ?? t.title} (${strings.keys.mute}: ${keyText('mute')})`}
        aria-keyshortcuts={keys.mute.key}
      >
        <Icon name={muted ? 'bellOff' : 'bell'} />
        <span class="rail-name">{muted ? t.muted : t.title}</span>
      </a>
      <span class="unseen" role="status">
        {muted}
      </span>
    </>
  )
}
