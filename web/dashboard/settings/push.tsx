import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { NotificationSubscription } from '../../../src/features/push/schema.ts'
import { CallError } from '../../shared/api.ts'
import { findOwn, subscribe, supportsPush, testPush, unsubscribe } from '../notifications/push.ts'
import { strings } from '../strings.ts'
import { Section } from './page.tsx'
import { words } from './strings.ts'

const t = words.push

/** Push messages in this browser: on or off, with texts or without, and a test. */
export function Push() {
  /** Null: off. Undefined: not known yet. */
  const own = useSignal<NotificationSubscription | null | undefined>(undefined)
  const said = useSignal('')
  const isBusy = useSignal(false)
  const run = async (work: () => Promise<unknown>) => {
    isBusy.value = true
    said.value = ''
    try {
      await work()
    } catch (error) {
      said.value = sentenceOf(error as Error)
    }
    isBusy.value = false
  }
  const turnOn = (showsText: boolean) =>
    run(async () => {
      own.value = await subscribe(showsText)
    })
  const show = async (before: NotificationSubscription, shows_text: boolean) => {
    own.value = { ...before, shows_text }
    await turnOn(shows_text)
    if (said.value) own.value = before
  }
  useEffect(() => {
    if (!supportsPush) return
    void run(async () => {
      own.value = (await findOwn()) ?? null
    })
  }, [])
  if (!supportsPush) {
    return (
      <Section title={t.title} lead={t.lead}>
        <p>{t.unsupported}</p>
      </Section>
    )
  }
  const subscription = own.value
  return (
    <Section title={t.title} lead={t.lead}>
      {subscription !== undefined && <p>{subscription ? t.states.on : t.states.off}</p>}
      {subscription && (
        <div class="field">
          <label class="toggle">
            <input
              type="checkbox"
              aria-describedby="push-text-hint"
              checked={subscription.shows_text}
              disabled={isBusy.value}
              onChange={({ currentTarget }) => void show(subscription, currentTarget.checked)}
            />
            <span>{t.text}</span>
          </label>
          <small class="quiet" id="push-text-hint">
            {t.textHint}
          </small>
        </div>
      )}
      <div class="buttons">
        {subscription === null && (
          <button type="button" class="button" disabled={isBusy.value} onClick={() => void turnOn(false)}>
            {t.turnOn}
          </button>
        )}
        {subscription && (
          <>
            <button
              type="button"
              class="button-quiet"
              disabled={isBusy.value}
              onClick={() =>
                void run(async () => {
                  await testPush(subscription)
                  said.value = t.tested
                })
              }
            >
              {t.test}
            </button>
            <button
              type="button"
              class="button-quiet"
              disabled={isBusy.value}
              onClick={() =>
                void run(async () => {
                  await unsubscribe(subscription)
                  own.value = null
                })
              }
            >
              {t.turnOff}
            </button>
          </>
        )}
      </div>
      <p role="status">{said.value}</p>
    </Section>
  )
}

function sentenceOf(error: Error): string {
  if (error instanceof CallError) return strings.complaint(error.message)
  return error.name === 'NotAllowedError' ? t.denied : t.unreachable
}
