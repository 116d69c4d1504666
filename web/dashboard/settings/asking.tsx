import { signal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
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
    const answer = (isYes: boolean) => {
      open.value = undefined
      resolve(isYes)
    }
    open.value = { ...question, answer }
  })
}

/** Where `ask()` shows its questions; once in a page. */
export function Questions() {
  const question = open.value
  return question ? <Dialog key={question.title} {...question} /> : null
}

function Dialog({ title, text, action, answer }: Question & { answer(isYes: boolean): void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const { current } = dialog
    const before = document.activeElement
    current!.showModal()
    return () => {
      current!.close()
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  return (
    <dialog
      ref={dialog}
      class="asking"
      aria-labelledby="asking-title"
      aria-describedby="asking-text"
      onCancel={(event) => {
        event.preventDefault()
        answer(false)
      }}
    >
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
    </dialog>
  )
}
