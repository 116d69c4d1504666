import { markSpam } from '../data/changes.ts'
import { mailStrings as t } from './strings.ts'
import './mail.css'

/** Says that a conversation is marked as spam, and lets an agent say that it is not. */
export function SpamBar({ id }: { id: number }) {
  return (
    <p class="mail-spam" role="status">
      {t.spam}
      <button type="button" class="button-quiet button-small" onClick={() => void markSpam(id, false)}>
        {t.notSpam}
      </button>
    </p>
  )
}
