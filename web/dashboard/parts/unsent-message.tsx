import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { isConnected } from '../data/live.ts'
import { discard, type Entry, filesOf, progress, retry, underway } from '../data/outbox.ts'
import { Icon } from '../icons.tsx'
import { strings } from '../strings.ts'
import { FileChips } from './file-chips.tsx'
import { kindOf } from './message.tsx'
import { MessageText } from './text.tsx'
import { UndoSending } from './undo-sending.tsx'

const t = strings.thread

/** A message in the outbox: being sent, waiting, or refused. */
export function UnsentMessage({ entry }: { entry: Entry }) {
  const isUnderway = underway.value.has(entry.key)
  const isWaiting = !isUnderway && entry.refused === undefined && entry.tries > 0
  const isStuck = entry.refused !== undefined || isWaiting
  return (
    <li
      class="message message-unsent"
      data-kind={kindOf({ private: entry.isPrivate, message_type: 'outgoing' })}
      data-first
      data-unsent={entry.refused === undefined ? 'waiting' : 'refused'}
    >
      <div class="bubble">
        {entry.isPrivate && (
          <p class="message-head">
            <span class="note-mark">
              <Icon name="lock" /> {t.note}
            </span>
          </p>
        )}
        {entry.content !== '' && <MessageText text={entry.content} />}
        {entry.files && <UnsentFiles entry={entry} />}
        <p class="message-foot" role={entry.refused === undefined ? undefined : 'alert'}>
          <Icon name={entry.refused === undefined ? 'clock' : 'warning'} />{' '}
          {entry.refused !== undefined
            ? t.refused(entry.refused)
            : entry.tries > 0 || isConnected.value === false
              ? t.waiting
              : t.sending}
          <UndoSending messageKey={entry.key} />
        </p>
        {isUnderway && entry.files && (
          <p class="unsent-actions">
            <button type="button" class="button-quiet button-small" onClick={() => discard(entry)}>
              {strings.cancel}
            </button>
          </p>
        )}
        {isStuck && (
          <p class="unsent-actions">
            <button type="button" class="button button-small" onClick={() => retry(entry)}>
              {t.sendAgain}
            </button>
            <button type="button" class="button-quiet button-small" onClick={() => discard(entry)}>
              {t.discard}
            </button>
          </p>
        )}
      </div>
    </li>
  )
}

function UnsentFiles({ entry }: { entry: Entry }) {
  // The stored files, which have pictures, replace the names when they have been read.
  const files = useSignal<NonNullable<Entry['files']>>(entry.files!)
  useEffect(() => {
    void filesOf(entry).then((found) => {
      if (found) files.value = found
    })
  }, [entry.key])
  return <FileChips files={files.value} sent={progress.value.get(entry.key)} />
}
