import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { strings } from '../strings.ts'

interface AuthFormProps {
  title: string
  lead?: string | undefined
  trouble?: string | undefined
  onSubmit?(): void
  children: ComponentChildren
}

/** A form for people who have not signed in. */
export function AuthForm({ title, lead, trouble, onSubmit, children }: AuthFormProps) {
  return (
    <form
      class="auth-form"
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit?.()
      }}
    >
      <p class="auth-brand">{strings.productName}</p>
      <h1>{title}</h1>
      {lead && <p class="quiet">{lead}</p>}
      <div role="alert">{trouble !== undefined && <p class="trouble">{trouble}</p>}</div>
      {children}
    </form>
  )
}

interface FieldProps {
  name: string
  type: 'email' | 'password' | 'text'
  autocomplete: string
  value: { value: string }
  rule?: string
  minLength?: number
  isFirst?: boolean
  isOptional?: boolean
}

export function Field({ name, type, autocomplete, value, rule, minLength, isFirst, isOptional }: FieldProps) {
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (isFirst) field.current!.focus()
  }, [isFirst])
  return (
    <label class="auth-field">
      <span>{name}</span>
      <input
        ref={field}
        type={type as 'text'}
        autocomplete={autocomplete}
        required={!isOptional}
        // A dialog focuses it when it opens.
        autofocus={isFirst}
        minLength={minLength}
        value={value.value}
        onInput={({ currentTarget }) => {
          value.value = currentTarget.value
        }}
      />
      {rule && <small class="quiet">{rule}</small>}
    </label>
  )
}

/** A choice that is on or off. */
export function Checkbox({ name, hint, value }: { name: string; hint: string; value: { value: boolean } }) {
  return (
    <label class="auth-check">
      <input
        type="checkbox"
        checked={value.value}
        onChange={({ currentTarget }) => {
          value.value = currentTarget.checked
        }}
      />
      <span>
        {name}
        <small class="quiet"> {hint}</small>
      </span>
    </label>
  )
}

export function Submit({ name, isWorking }: { name: string; isWorking: boolean }) {
  return (
    <button type="submit" class="button" aria-disabled={isWorking}>
      {name}
    </button>
  )
}

/** Submits a form, once at a time, and holds the error. A hook. */
export function useSubmit(work: () => Promise<void>) {
  const isWorking = useSignal(false)
  const trouble = useSignal<string | undefined>(undefined)
  const submit = async () => {
    if (isWorking.value) return
    isWorking.value = true
    trouble.value = undefined
    await work().catch((error) => {
      trouble.value = error.status === 0 ? strings.notReached : error.message
    })
    isWorking.value = false
  }
  return { isWorking, trouble, submit: () => void submit() }
}
