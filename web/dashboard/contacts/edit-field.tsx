import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import { CallError } from '../../shared/api.ts'
import { contactWords as t } from './strings.ts'

interface Props {
  label: string
  /** The name of the field in errors of the server. */
  name: string
  value: string
  type?: 'text' | 'email' | 'tel' | 'url' | 'date'
  inputMode?: 'decimal'
  hint?: string | undefined
  /** The choices of a list; an empty text chooses nothing. */
  options?: readonly { value: string; text: string }[]
  /** Next to the label. */
  extra?: ComponentChildren
  /** Stores the value. Throws CallError. */
  save(value: string): Promise<void>
}

/** A field that is saved when it is left, or with Enter. Escape restores what is stored. */
export function EditField({
  label,
  name,
  value,
  type = 'text',
  inputMode,
  hint,
  options,
  extra,
  save,
}: Props) {
  const id = useId()
  const draft = useSignal<string | undefined>(undefined)
  const trouble = useSignal<string | undefined>(undefined)
  const isSaved = useSignal(false)
  const submit = async () => {
    const text = draft.value
    if (text === undefined) return
    if (text.trim() === value) {
      restore()
      return
    }
    isSaved.value = false
    try {
      await save(text.trim())
      // What was typed meanwhile stays.
      if (draft.value === text) draft.value = undefined
      trouble.value = undefined
      isSaved.value = true
    } catch (error) {
      trouble.value = sentenceOf(error as Error, name, label)
    }
  }
  const restore = () => {
    draft.value = undefined
    trouble.value = undefined
  }
  const described = [hint && `${id}hint`, trouble.value && `${id}error`].filter(Boolean).join(' ')
  const control = {
    id,
    value: draft.value ?? value,
    'aria-describedby': described || undefined,
    'aria-invalid': trouble.value === undefined ? undefined : true,
  }
  const type_ = (event: { currentTarget: { value: string } }) => {
    draft.value = event.currentTarget.value
    isSaved.value = false
  }
  return (
    <div class="field edit-field">
      <div class="edit-label">
        <label for={id}>{label}</label>
        {extra}
        <span class="done" role="status">
          {isSaved.value && t.saved}
        </span>
      </div>
      {options ? (
        <select
          {...control}
          onChange={(event) => {
            type_(event)
            void submit()
          }}
        >
          <option value="">{t.notChosen}</option>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.text}
            </option>
          ))}
        </select>
      ) : (
        <input
          {...control}
          type={type as 'text'}
          inputMode={inputMode}
          autocomplete="off"
          dir={type === 'text' ? 'auto' : 'ltr'}
          onInput={type_}
          onBlur={() => void submit()}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.isComposing) void submit()
            if (event.key !== 'Escape' || draft.value === undefined) return
            event.stopPropagation()
            restore()
          }}
        />
      )}
      {hint && (
        <small class="quiet" id={`${id}hint`}>
          {hint}
        </small>
      )}
      {trouble.value !== undefined && (
        <small class="field-error" id={`${id}error`} role="alert">
          {trouble.value}
        </small>
      )}
    </div>
  )
}

function sentenceOf(error: Error, name: string, label: string): string {
  const own = error instanceof CallError ? error.fields.find(({ field }) => field === name) : undefined
  return own ? `${label} ${own.message}` : error.message
}
