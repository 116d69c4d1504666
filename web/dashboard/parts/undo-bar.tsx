import { holdUndo, releaseUndo, undoable, undoLast } from '../data/undo.ts'
import { strings } from '../strings.ts'
import { keyText, useKeys } from './keys.ts'

/** Says what was just done, with a button that undoes it. That of a message is in the message (`undo-sending.tsx`). */
export function UndoBar() {
  const { value } = undoable
  useKeys(value ? { undo: undoLast } : {})
  return (
    <div class="undo-place" role="status">
      {value?.messageKey && <span class="unseen">{value.text}</span>}
      {value && !value.messageKey && (
        <div
          class="undo"
          onPointerEnter={holdUndo}
          onPointerLeave={releaseUndo}
          onFocusIn={holdUndo}
          onFocusOut={releaseUndo}
        >
          <bdi class="undo-text" title={value.text}>
            {value.text}
          </bdi>
          <button type="button" class="button-quiet button-small" onClick={undoLast}>
            {strings.undo.undo} <kbd>{keyText('undo')}</kbd>
          </button>
        </div>
      )}
    </div>
  )
}
