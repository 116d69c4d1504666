import { holdUndo, releaseUndo, undoable, undoLast } from '../data/undo.ts'
import { strings } from '../strings.ts'
import { isMac } from './keys.ts'

/** The button in a message that was just sent which takes it back, for as long as that is possible. */
export function UndoSending({ messageKey }: { messageKey: string }) {
  if (undoable.value?.messageKey !== messageKey) return null
  return (
    <button
      type="button"
      class="button-link"
      onClick={undoLast}
      onPointerEnter={holdUndo}
      onPointerLeave={releaseUndo}
      onFocus={holdUndo}
      onBlur={releaseUndo}
    >
      {strings.undo.undo} <kbd>{isMac ? '⌘Z' : 'Ctrl+Z'}</kbd>
    </button>
  )
}
