import { signal } from '@preact/signals'
import type { Conversation } from '../data/api-types.ts'
import { strings } from '../strings.ts'

const t = strings.list
const minute = signal(currentMinute())
setInterval(() => {
  minute.value = currentMinute()
}, 10_000)

function currentMinute(): number {
  return Math.floor(Date.now() / 60_000)
}

/** For how long a customer who wrote last has waited for a reply; nothing if nobody waits. */
export function WaitingTime({ conversation: { status, last_message } }: { conversation: Conversation }) {
  if (status !== 'open' || last_message?.message_type !== 'incoming') return null
  const minutes = minute.value - Math.floor(last_message.created_at / 60)
  if (minutes < 1) return null
  return (
    <span class="row-waiting" title={t.waitingHint}>
      {t.waiting(durationText(minutes))}
    </span>
  )
}

function durationText(minutes: number): string {
  if (minutes < 60) return t.minutes(minutes)
  if (minutes < 48 * 60) return t.hours(Math.floor(minutes / 60))
  return t.days(Math.floor(minutes / 60 / 24))
}
