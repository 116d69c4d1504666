import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect, useId } from 'preact/hooks'
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
  /** Returns what the text in the field may become, which is offered below it. */
  suggest?(text: string): Promise<readonly string[]>
  /** Next to the label. */
  extra?: ComponentChildren
  /** Stores the value. Throws CallError. */
  save(value: string): Promise<void>
}

// Milliseconds without a letter after which suggestions are loaded.
const pause = 150

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
  suggest,
  save,
}: Props) {
  const id = useId()
  const draft = useSignal<string | undefined>(undefined)
  const trouble = useSignal<string | undefined>(undefined)
  const isSaved = useSignal(false)
  const suggestions = useSignal<readonly string[]>([])
  useEffect(() => {
    const text = draft.value?.trim()
    if (!suggest || !text) return
    const timer = setTimeout(async () => {
      const found = await suggest(text).catch(() => [])
      if (draft.value?.trim() === text) suggestions.value = found
    }, pause)
    return () => clearTimeout(timer)
  }, [draft.value])
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
          list={suggest && `${id}list`}
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
      {suggest && (
        <datalist id={`${id}list`}>
          {suggestions.value.map((text) => (
            <option key={text} value={text} />
          ))}
        </datalist>
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
