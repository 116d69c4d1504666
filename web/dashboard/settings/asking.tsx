import { signal } from '@preact/signals'
import { Dialog } from '../../shared/dialog.tsx'
import { strings } from '../strings.ts'

interface Question {
  title: string
  /** What is lost. */
  text: string
  /** The word on the button that does it. */
  action: string
}

const open = signal<(Question & { answer(isYes: boolean): void }) | undefined>(undefined)

/** Asks before something is lost; gives whether it is to be done. */
export function ask(question: Question): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = {
      ...question,
      answer(isYes: boolean) {
        if (open.value === asked) open.value = undefined
        resolve(isYes)
      },
    }
    open.value = asked
  })
}

/** Where `ask()` shows its questions; once in a page. */
export function Questions() {
  const question = open.value
  return question ? <ConfirmDialog key={question.title} {...question} /> : null
}

function ConfirmDialog({ title, text, action, answer }: Question & { answer(isYes: boolean): void }) {
  return (
    <Dialog class="asking" labelledBy="asking-title" describedBy="asking-text" onClose={() => answer(false)}>
      <h2 id="asking-title">{title}</h2>
      <p id="asking-text">{text}</p>
      <div class="buttons">
        <button type="button" class="button-quiet" onClick={() => answer(false)}>
          {strings.cancel}
        </button>
        <button type="button" class="button button-bad" onClick={() => answer(true)}>
          {action}
        </button>
      </div>
    </Dialog>
  )
}
