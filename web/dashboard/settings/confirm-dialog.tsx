import { signal } from '@preact/signals'
import { Dialog } from '../../shared/dialog.tsx'
import { strings } from '../strings.ts'

interface Question {
  title: string
  /** Says what is lost. */
  text: string
  /** The label of the button that confirms. */
  action: string
}

const open = signal<(Question & { settle(isYes: boolean): void }) | undefined>(undefined)

/** Asks before something is lost. Resolves with whether the person agrees. */
export function confirmAction(question: Question): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = {
      ...question,
      settle(isYes: boolean) {
        if (open.value === asked) open.value = undefined
        resolve(isYes)
      },
    }
    open.value = asked
  })
}

/** Shows the questions of `confirmAction()`; once in a page. */
export function ConfirmDialog() {
  if (!open.value) return null
  const { title, text, action, settle } = open.value
  return (
    <Dialog
      key={title}
      class="confirm"
      labelledBy="confirm-title"
      describedBy="confirm-text"
      onClose={() => settle(false)}
    >
      <h2 id="confirm-title">{title}</h2>
      <p id="confirm-text">{text}</p>
      <div class="buttons">
        <button type="button" class="button-quiet" onClick={() => settle(false)}>
          {strings.cancel}
        </button>
        <button type="button" class="button button-bad" onClick={() => settle(true)}>
          {action}
        </button>
      </div>
    </Dialog>
  )
}
