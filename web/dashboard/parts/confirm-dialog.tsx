import { signal, useSignal } from '@preact/signals'
import { Dialog } from '../../shared/dialog.tsx'
import { strings } from '../strings.ts'

interface Question {
  title: string
  /** Says what is lost. */
  text: string
  /** The label of the button that confirms. */
  action: string
  /** A name that must be typed to confirm, if a great deal is lost. */
  typed?: string | undefined
}

type Asked = Question & { settle(isYes: boolean): void }

const open = signal<Asked | undefined>(undefined)

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
  return <Confirm key={open.value.title} {...open.value} />
}

function Confirm({ title, text, action, typed, settle }: Asked) {
  const name = useSignal('')
  const isConfirmed = typed === undefined || name.value.trim() === typed.trim()
  return (
    <Dialog
      class="confirm"
      labelledBy="confirm-title"
      describedBy="confirm-text"
      onClose={() => settle(false)}
    >
      <h2 id="confirm-title">
        <bdi>{title}</bdi>
      </h2>
      <p id="confirm-text">{text}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (isConfirmed) settle(true)
        }}
      >
        {typed !== undefined && (
          <label class="field">
            <span>{strings.confirm.typeName(typed)}</span>
            <input type="text" dir="auto" autocomplete="off" value={name} onInput={readInto(name)} />
          </label>
        )}
        <div class="buttons">
          <button type="button" class="button-quiet" onClick={() => settle(false)}>
            {strings.cancel}
          </button>
          <button type="submit" class="button button-bad" aria-disabled={!isConfirmed}>
            {action}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

function readInto(name: { value: string }) {
  return (event: { currentTarget: { value: string } }) => {
    name.value = event.currentTarget.value
  }
}
