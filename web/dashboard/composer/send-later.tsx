import { useSignal } from '@preact/signals'
import { IconButton } from '../parts/icon-button.tsx'
import { closeOverlay, Overlay } from '../parts/overlay.tsx'
import { OwnTime } from '../parts/own-time.tsx'
import { endOfSnooze } from '../parts/snooze.tsx'
import { strings } from '../strings.ts'
import { wholeTime } from '../times.ts'
import { writingStrings as t } from './writing-strings.ts'

export interface SendLaterProps {
  isPrivate: boolean
  onChoose(sendAt: number, isCancelledByReply: boolean): void
}

const times = ['hour', 'tomorrow', 'week'] as const

/** The dialog that asks when a message is to be sent. */
export function SendLater({ isPrivate, onChoose }: SendLaterProps) {
  const isCancelled = useSignal(!isPrivate)
  const choose = (sendAt: number) => {
    closeOverlay()
    onChoose(sendAt, isCancelled.value)
  }
  return (
    <Overlay name="send-later" label={t.later}>
      <header class="help-head">
        <h2>{t.later}</h2>
        <IconButton icon="close" name={strings.close} onClick={closeOverlay} />
      </header>
      <div class="snooze">
        <ul>
          {times.map((kind) => {
            const sendAt = endOfSnooze(kind)!
            return (
              <li key={kind}>
                <button
                  type="button"
                  class="snooze-choice"
                  // The first control of the dialog is the one that closes it.
                  autofocus={kind === 'hour'}
                  onClick={() => choose(sendAt)}
                >
                  <span>{t.laterTimes[kind]}</span>
                  <time class="quiet">{wholeTime(sendAt)}</time>
                </button>
              </li>
            )
          })}
        </ul>
        <OwnTime label={t.laterTime} action={t.schedule} onChoose={choose} />
        <label class="check">
          <input
            type="checkbox"
            checked={isCancelled}
            onChange={({ currentTarget }) => {
              isCancelled.value = currentTarget.checked
            }}
          />
          {t.cancelledByReply}
        </label>
      </div>
    </Overlay>
  )
}
