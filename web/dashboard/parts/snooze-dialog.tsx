import type { Conversation } from '../data/api-types.ts'
import { changeStatus } from '../data/changes.ts'
import { strings } from '../strings.ts'
import { wholeTime } from '../times.ts'
import { IconButton } from './icon-button.tsx'
import { closeOverlay, Overlay } from './overlay.tsx'
import { OwnTime } from './own-time.tsx'
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
        <OwnTime label={t.snoozeTime} action={t.snooze} onChoose={snooze} />
      </div>
    </Overlay>
  )
}
