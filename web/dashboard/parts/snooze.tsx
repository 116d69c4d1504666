import { changeStatus } from '../data/changes.ts'
import type { Conversation } from '../data/shapes.ts'
import { strings } from '../strings.ts'
import { wholeTime } from '../times.ts'

const t = strings.details
const kinds = ['hour', 'tomorrow', 'week', 'reply'] as const
const morning = 9

/** Lets a conversation sleep for a while. */
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
          const kind = currentTarget.value as (typeof kinds)[number] | ''
          currentTarget.value = ''
          if (kind) void changeStatus(id, 'snoozed', endOf(kind))
        }}
      >
        <option value="">–</option>
        {kinds.map((kind) => (
          <option key={kind} value={kind}>
            {t.snoozes[kind]}
          </option>
        ))}
      </select>
    </div>
  )
}

/** Unix seconds; undefined where only the customer ends it. */
function endOf(kind: (typeof kinds)[number]): number | undefined {
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
