import { Icon } from '../icons.tsx'
import { keyText, useKeys } from '../parts/keys.ts'
import { strings } from '../strings.ts'
import { FormatBar } from './format-bar.tsx'

const t = strings.composer

interface KindsProps {
  isPrivate: boolean
  onChoose(isPrivate: boolean): void
  field: { current: HTMLTextAreaElement | null }
}

/** The choice between a reply and a private note, and the formats of the text. */
export function Kinds({ isPrivate, onChoose, field }: KindsProps) {
  const choose = (chosen: boolean) => {
    onChoose(chosen)
    field.current?.focus()
  }
  useKeys({ reply: () => choose(false), note: () => choose(true) })
  return (
    <div class="kinds">
      <fieldset aria-label={t.label}>
        <button type="button" aria-pressed={!isPrivate} data-kind="reply" onClick={() => choose(false)}>
          <Icon name="reply" /> {t.reply} <kbd>{keyText('reply')}</kbd>
        </button>
        <button type="button" aria-pressed={isPrivate} data-kind="note" onClick={() => choose(true)}>
          <Icon name="lock" /> {t.note} <kbd>{keyText('note')}</kbd>
        </button>
        {isPrivate && <span class="kinds-hint">{strings.thread.noteHint}</span>}
      </fieldset>
      <FormatBar field={field} />
    </div>
  )
}
