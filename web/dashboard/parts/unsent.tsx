import { isConnected } from '../data/live.ts'
import { discard, type Entry, retry, underway } from '../data/outbox.ts'
import { Icon } from '../icons.tsx'
import { strings } from '../strings.ts'
import { kindOf } from './message.tsx'
import { Text } from './text.tsx'

const t = strings.thread

/** A message that is not known to have arrived: on its way, waiting, or refused. */
export function Unsent({ entry }: { entry: Entry }) {
  const isUnderway = underway.value.has(entry.key)
  const isWaiting = !isUnderway && entry.refused === undefined && entry.tries > 0
  const isStuck = entry.refused !== undefined || isWaiting
  return (
    <li
      class="message message-unsent"
      data-kind={kindOf({ private: entry.isPrivate, message_type: 'outgoing' })}
      data-unsent={entry.refused === undefined ? 'waiting' : 'refused'}
    >
      <div class="bubble">
        {entry.isPrivate && (
          <p class="message-head">
            <span class="note-mark">
              <Icon name="lock" /> {t.note}
            </span>
          </p>
        )}
        <p class="message-text" dir="auto">
          <Text text={entry.content} />
        </p>
        <p class="message-foot" role={entry.refused === undefined ? undefined : 'alert'}>
          <Icon name={entry.refused === undefined ? 'clock' : 'warning'} />{' '}
          {entry.refused !== undefined
            ? t.refused(entry.refused)
            : entry.tries > 0 || isConnected.value === false
              ? t.waiting
              : t.sending}
        </p>
        {isStuck && (
          <p class="unsent-actions">
            <button type="button" class="button button-small" onClick={() => retry(entry)}>
              {t.sendAgain}
            </button>
            <button type="button" class="button-quiet button-small" onClick={() => discard(entry)}>
              {t.discard}
            </button>
          </p>
        )}
      </div>
    </li>
  )
}
