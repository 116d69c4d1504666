import { type Signal, useSignal } from '@preact/signals'
import { type ComponentChildren, createContext } from 'preact'
import { useMemo, useRef } from 'preact/hooks'
import { CallError } from '../../shared/api.ts'
import { strings } from '../strings.ts'
import { words } from './strings.ts'

interface State {
  isWorking: Signal<boolean>
  isDone: Signal<boolean>
  trouble: Signal<string | undefined>
  /** The server's errors by the name of the field in the API. */
  errors: Signal<Readonly<Record<string, string>>>
  /** The names of the fields in the form. */
  names: Set<string>
}

/** The form that a field belongs to. */
export const FormContext = createContext<State | undefined>(undefined)

interface FormProps {
  label: string
  action: string
  /** Called to submit. If it throws a CallError, the errors are shown at their fields, and the fields keep their values. */
  work(): Promise<void>
  /** The text that confirms success. */
  done?: string
  /** Another way to submit it, with its own work. */
  alternative?: { action: string; work(): Promise<void>; done: string } | undefined
  /** More buttons next to the submit button. */
  moreButtons?: ComponentChildren
  children: ComponentChildren
}

/** A form that cannot be submitted twice at the same time. */
export function Form(props: FormProps) {
  const { label, action, work, done = words.saved, alternative, moreButtons, children } = props
  const form = useRef<HTMLFormElement>(null)
  const isWorking = useSignal(false)
  const isDone = useSignal(false)
  const doneText = useSignal(done)
  const trouble = useSignal<string | undefined>(undefined)
  const errors = useSignal<Readonly<Record<string, string>>>({})
  // Always the same object: a new one would render the fields again between the events `input` and `change`, which undoes
  // the click on a checkbox.
  const state = useMemo<State>(() => ({ isWorking, isDone, trouble, errors, names: new Set() }), [])
  const submit = async (run: () => Promise<void>, success: string) => {
    if (isWorking.value) return
    isWorking.value = true
    isDone.value = false
    trouble.value = undefined
    errors.value = {}
    try {
      await run()
      doneText.value = success
      isDone.value = true
    } catch (error) {
      const { atFields, rest } = sorted(error as Error, state.names)
      errors.value = atFields
      trouble.value = rest
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus())
    }
    isWorking.value = false
  }
  return (
    <FormContext.Provider value={state}>
      <form
        ref={form}
        class="form"
        aria-label={label}
        // The server validates, and its errors are shown at the fields.
        noValidate
        onInput={() => {
          isDone.value = false
        }}
        onSubmit={(event) => {
          event.preventDefault()
          void submit(work, done)
        }}
      >
        {children}
        <div role="alert">{trouble.value !== undefined && <p class="trouble">{trouble.value}</p>}</div>
        <div class="buttons">
          <button type="submit" class="button" aria-disabled={isWorking.value}>
            {isWorking.value ? words.working : action}
          </button>
          {alternative && (
            <button
              type="button"
              class="button-quiet"
              aria-disabled={isWorking.value}
              onClick={() => void submit(alternative.work, alternative.done)}
            >
              {alternative.action}
            </button>
          )}
          {moreButtons}
          <span class="done" role="status">
            {isDone.value && doneText.value}
          </span>
        </div>
      </form>
    </FormContext.Provider>
  )
}

/** Splits an error into the errors of the fields in the form, and a sentence for the rest. */
function sorted(error: Error, names: ReadonlySet<string>) {
  const fields = error instanceof CallError ? error.fields : []
  const atFields: Record<string, string> = {}
  const others: string[] = []
  for (const { field, message } of fields) {
    // For an error such as `items[3].values[0]`, the form may have only `items[3].values` or `items`.
    const possible = [field, field.replace(/\[\d+\]$/, ''), field.split('[', 1)[0]!]
    const name = possible.find((one) => names.has(one))
    if (name !== undefined) atFields[name] ??= message
    else others.push(`${field} ${message}`)
  }
  if (fields.length > 0) return { atFields, rest: others.length > 0 ? others.join('; ') : undefined }
  return { atFields, rest: (error as CallError).status === 0 ? strings.notReached : error.message }
}
