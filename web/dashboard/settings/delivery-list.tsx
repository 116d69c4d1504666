import { useSignal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import type { Delivery } from '../data/api-types.ts'
import { attempt } from '../data/changes.ts'
import { Select } from '../parts/select.tsx'
import { strings } from '../strings.ts'
import { isoTime, wholeTime } from '../times.ts'
import { Deliveries } from './deliveries.ts'
import { words } from './strings.ts'

const t = words.webhooks
const states = ['pending', 'running', 'succeeded', 'failed'] as const
// Characters of a response body that are shown; the receiver's log has the rest.
const shownCharacters = 300
const marks = { pending: 'mark', running: 'mark', succeeded: 'mark mark-good', failed: 'mark mark-bad' }

/** The deliveries of the webhook at this path, with all attempts. */
export function DeliveryList({ path }: { path: string }) {
  const state = useSignal('')
  const deliveries = useMemo(() => new Deliveries(`${path}/deliveries`, state.value), [path, state.value])
  useEffect(() => deliveries.follow(), [deliveries])
  const { list, before, trouble } = deliveries
  return (
    <>
      <div class="adding">
        <Select
          label={t.stateOf}
          value={state.value}
          none={t.everyState}
          options={states.map((value) => ({ value, text: t.states[value] }))}
          onChoose={(chosen) => {
            state.value = chosen
          }}
        />
      </div>
      {!list.value && !trouble.value && <p class="quiet">{strings.loading}</p>}
      {trouble.value && <p role="alert">{strings.complaint(trouble.value)}</p>}
      {list.value?.length === 0 && <p class="quiet">{t.noDeliveries}</p>}
      <ul class="things">
        {list.value?.map((delivery) => (
          <Row
            key={delivery.id}
            delivery={delivery}
            onAgain={() => void attempt(() => deliveries.redeliver(delivery.id))}
          />
        ))}
      </ul>
      {before.value !== null && (
        <div class="buttons">
          <button type="button" class="button-quiet" onClick={() => void attempt(() => deliveries.more())}>
            {t.older}
          </button>
        </div>
      )}
    </>
  )
}

function Row({ delivery, onAgain }: { delivery: Delivery; onAgain(): void }) {
  const { id, event, conversation_id, state, attempts, created_at, next_attempt_at } = delivery
  const last = attempts.at(-1)
  return (
    <li class="thing delivery" data-delivery={id}>
      <div class="thing-text">
        <strong>
          <code>{event}</code>
        </strong>
        <small class="quiet">
          <time dateTime={isoTime(created_at)}>{wholeTime(created_at)}</time>
          {conversation_id !== null && (
            <>
              {' · '}
              <a href={`/conversations/${conversation_id}`}>{t.conversation(conversation_id)}</a>
            </>
          )}
          {next_attempt_at !== null && ` · ${t.nextAt(wholeTime(next_attempt_at))}`}
        </small>
      </div>
      <span class={marks[state]}>
        {t.states[state]}
        {last && state !== 'pending' && ` · ${last.code ?? last.error}`}
      </span>
      <button
        type="button"
        class="button-quiet button-small"
        aria-label={t.againOne(event, id)}
        aria-disabled={state === 'running'}
        onClick={onAgain}
      >
        {t.again}
      </button>
      {attempts.length > 0 && (
        <details class="attempts">
          <summary>{t.attempts(attempts.length)}</summary>
          <ol>
            {attempts.map((one) => (
              <li key={one.number} class="attempt">
                <span>
                  <time dateTime={isoTime(one.at)}>{wholeTime(one.at)}</time>
                  {' · '}
                  {t.milliseconds(one.duration_ms)}
                </span>
                <strong class={one.error === null ? 'attempt-good' : 'attempt-bad'}>
                  {[one.code, one.error === 'status' ? undefined : one.error].filter(Boolean).join(' ')}
                </strong>
                {one.error !== null && <small class="quiet">{errorText(one.error)}</small>}
                {one.answer !== '' && <code dir="auto">{one.answer.slice(0, shownCharacters)}</code>}
              </li>
            ))}
          </ol>
        </details>
      )}
    </li>
  )
}

function errorText(error: string): string {
  return t.errors[error as keyof typeof t.errors] ?? ''
}
