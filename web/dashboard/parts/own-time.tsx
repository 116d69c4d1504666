import { useSignal } from '@preact/signals'
import { strings } from '../strings.ts'
import { endOfSnooze } from './snooze.tsx'

interface Props {
  label: string
  /** The label of the button. */
  action: string
  /** Called with Unix seconds. */
  onChoose(time: number): void
}

/** A date and time of one's own, in the future. */
export function OwnTime({ label, action, onChoose }: Props) {
  const value = useSignal(localText(endOfSnooze('tomorrow')!))
  const hasFailed = useSignal(false)
  return (
    <form
      class="field"
      // The browser's own message would be in the language of the browser.
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        const time = Math.floor(new Date(value.value).getTime() / 1000)
        hasFailed.value = !(time * 1000 > Date.now())
        if (!hasFailed.value) onChoose(time)
      }}
    >
      <label for="own-time">{label}</label>
      <div class="snooze-time">
        <input
          id="own-time"
          type="datetime-local"
          value={value}
          aria-invalid={hasFailed.value || undefined}
          aria-describedby="own-time-error"
          onInput={({ currentTarget }) => {
            value.value = currentTarget.value
          }}
        />
        <button type="submit" class="button">
          {action}
        </button>
      </div>
      <p class="snooze-error" id="own-time-error" role="alert">
        {hasFailed.value && strings.details.snoozePast}
      </p>
    </form>
  )
}

/** Formats Unix seconds for a field of the type `datetime-local`. */
function localText(seconds: number): string {
  const time = new Date(seconds * 1000)
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
