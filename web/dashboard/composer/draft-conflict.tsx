import type { ServerDraft } from '../data/server-draft.ts'
import { writingStrings as t } from './writing-strings.ts'

/** Shows what the user has written in another browser meanwhile, and asks which text to keep. */
export function DraftConflict({ draft }: { draft: ServerDraft }) {
  const other = draft.other.value
  return (
    <div role="alert">
      {other && (
        <div class="draft-conflict">
          <p>{t.otherDraft}</p>
          <blockquote dir="auto">{other.content}</blockquote>
          <div class="buttons">
            <button type="button" class="button-quiet button-small" onClick={() => draft.useOther()}>
              {t.useOther}
            </button>
            <button type="button" class="button-quiet button-small" onClick={() => draft.keepMine()}>
              {t.keepMine}
            </button>
          </div>
        </div>
      )}
    </div>
  )
}
