import { useSignal } from '@preact/signals'
import type { Conversation } from '../data/api-types.ts'
import { changeStatus } from '../data/changes.ts'
import { strings } from '../strings.ts'
import { wholeTime } from '../times.ts'
import { IconButton } from './icon-button.tsx'
import { closeOverlay, Overlay } from './overlay.tsx'
import { endOfSnooze, snoozes, snoozeText } from './snooze.tsx'

const t = strings.details

/** The dialog that snoozes a conversation: until one of a few usual times, or until any other. */
export function SnoozeDialog({
  conversation: { id, status, snoozed_until },
}: {
  conversation: Conversation
}) {
  const snooze = (until: number | undefined) => {
    closeOverlay()
    void changeStatus(id, 'snoozed', until)
  }
  const wake = () => {
    closeOverlay()
    void changeStatus(id, 'open')
  }
  return (
    <Overlay name="snooze" label={t.snooze}>
      <header class="help-head">
        <h2>{t.snooze}</h2>
        <IconButton icon="close" name={strings.close} onClick={closeOverlay} />
      </header>
      <div class="snooze">
        {status === 'snoozed' && (
          <p class="snooze-now">
            {snoozeText(snoozed_until)}
            <button type="button" class="button-quiet button-small" onClick={wake}>
              {t.wake}
            </button>
          </p>
        )}
        <ul>
          {snoozes.map((kind) => {
            const until = endOfSnooze(kind)
            return (
              <li key={kind}>
                <button
                  type="button"
                  class="snooze-choice"
                  // The first control of the dialog is the one that closes it.
                  autofocus={kind === 'hour'}
                  onClick={() => snooze(until)}
                >
                  <span>{t.snoozes[kind]}</span>
                  {until !== undefined && <time class="quiet">{wholeTime(until)}</time>}
                </button>
              </li>
            )
          })}
        </ul>
        <OwnTime onChoose={snooze} />
      </div>
    </Overlay>
  )
}

/** A date and time of one's own. */
function OwnTime({ onChoose }: { onChoose(until: number): void }) {
  const value = useSignal(localText(endOfSnooze('tomorrow')!))
  const hasFailed = useSignal(false)
  return (
    <form
      class="field"
      // The browser's own message would be in the language of the browser.
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        const until = Math.floor(new Date(value.value).getTime() / 1000)
        hasFailed.value = !(until * 1000 > Date.now())
        if (!hasFailed.value) onChoose(until)
      }}
    >
      <label for="snooze-time">{t.snoozeTime}</label>
      <div class="snooze-time">
        <input
          id="snooze-time"
          type="datetime-local"
          value={value}
          aria-invalid={hasFailed.value || undefined}
          aria-describedby="snooze-error"
          onInput={({ currentTarget }) => {
            value.value = currentTarget.value
          }}
        />
        <button type="submit" class="button">
          {t.snooze}
        </button>
      </div>
      <p class="snooze-error" id="snooze-error" role="alert">
        {hasFailed.value && t.snoozePast}
      </p>
    </form>
  )
}

/** Formats Unix seconds for a field of the type `datetime-local`. */
function localText(seconds: number): string {
  const time = new Date(seconds * 1000)
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
