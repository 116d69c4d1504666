import type { Conversation } from '../data/api-types.ts'
import { changeStatus } from '../data/changes.ts'
import { strings } from '../strings.ts'
import { wholeTime } from '../times.ts'

const t = strings.details
export const snoozes = ['hour', 'tomorrow', 'week', 'reply'] as const
type Kind = (typeof snoozes)[number]
const morning = 9

/** Snoozes a conversation, or ends the snooze. */
export function Snooze({ conversation: { id, status, snoozed_until } }: { conversation: Conversation }) {
  if (status === 'snoozed') {
    return (
      <p class="field">
        <span>{snoozed_until === null ? t.snoozedForever : t.snoozedUntil(wholeTime(snoozed_until))}</span>
        <button type="button" class="button-link" onClick={() => void changeStatus(id, 'open')}>
          {t.wake}
        </button>
      </p>
    )
  }
  return (
    <div class="field">
      <label for="snooze">{t.snooze}</label>
      <select
        id="snooze"
        value=""
        onChange={({ currentTarget }) => {
          const kind = currentTarget.value as Kind | ''
          currentTarget.value = ''
          if (kind) void changeStatus(id, 'snoozed', endOfSnooze(kind))
        }}
      >
        <option value="">–</option>
        {snoozes.map((kind) => (
          <option key={kind} value={kind}>
            {t.snoozes[kind]}
          </option>
        ))}
      </select>
    </div>
  )
}

/** Returns Unix seconds; undefined if a reply of the customer ends the snooze. */
export function endOfSnooze(kind: Kind): number | undefined {
  const end = new Date()
  if (kind === 'reply') return undefined
  if (kind === 'hour') end.setHours(end.getHours() + 1)
  else {
    const days = kind === 'tomorrow' ? 1 : (8 - end.getDay()) % 7 || 7
    end.setDate(end.getDate() + days)
    end.setHours(morning, 0, 0, 0)
  }
  return Math.floor(end.getTime() / 1000)
}
