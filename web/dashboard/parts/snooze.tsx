import type { Conversation } from '../data/api-types.ts'
import { changeStatus } from '../data/changes.ts'
import { strings } from '../strings.ts'
import { wholeTime } from '../times.ts'
import { keys } from './keys.ts'
import { openOverlay } from './overlay.tsx'

const t = strings.details
export const snoozes = ['hour', 'tomorrow', 'week', 'reply'] as const
type Kind = (typeof snoozes)[number]
const morning = 9

/** Until when a conversation is snoozed, and buttons to snooze it or to end that. */
export function Snooze({ conversation: { id, status, snoozed_until } }: { conversation: Conversation }) {
  if (status === 'snoozed') {
    return (
      <p class="field">
        <span>{snoozeText(snoozed_until)}</span>
        <button type="button" class="button-link" onClick={() => void changeStatus(id, 'open')}>
          {t.wake}
        </button>
      </p>
    )
  }
  return (
    <div class="field field-line">
      <span>{t.snooze}</span>
      <button
        type="button"
        class="button-quiet button-small"
        aria-keyshortcuts={keys.snooze.key}
        onClick={() => openOverlay('snooze')}
      >
        {t.snoozeUntil}
      </button>
    </div>
  )
}

/** Says until when a conversation is snoozed; null is until a reply. */
export function snoozeText(until: number | null): string {
  return until === null ? t.snoozedForever : t.snoozedUntil(wholeTime(until))
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
