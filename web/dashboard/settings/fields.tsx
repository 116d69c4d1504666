import type { Signal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useContext, useId } from 'preact/hooks'
import { FormContext } from './form.tsx'
import { words } from './strings.ts'

interface FieldProps {
  /** The name of the field in the API, such as `channel.website_url`. */
  name: string
  label: string
  hint?: string | undefined
}

/** Connects a control with its label, hint and error. A hook. */
export function useField({ name, label, hint }: FieldProps) {
  const { errors, names } = useContext(FormContext)!
  names.add(name)
  const id = useId()
  const error = errors.value[name]
  const described = [hint && `${id}hint`, error && `${id}error`].filter(Boolean).join(' ')
  return {
    id,
    control: {
      id,
      'aria-describedby': described || undefined,
      'aria-invalid': error === undefined ? undefined : true,
    },
    clear() {
      if (error !== undefined) errors.value = { ...errors.value, [name]: undefined as never }
    },
    notes: (
      <>
        {hint && (
          <small class="quiet" id={`${id}hint`}>
            {hint}
          </small>
        )}
        {error !== undefined && (
          <small class="field-error" id={`${id}error`}>
            {label} {error}
          </small>
        )}
      </>
    ),
  }
}

interface TextProps extends FieldProps {
  value: Signal<string>
  type?: 'text' | 'email' | 'password' | 'url' | 'color'
  autocomplete?: string
  inputMode?: 'numeric'
  placeholder?: string
  isOptional?: boolean
  /** Makes it a text area with this many rows. */
  rows?: number
}

export function TextField(props: TextProps) {
  const {
    label,
    value,
    type = 'text',
    autocomplete = 'off',
    inputMode,
    placeholder,
    isOptional,
    rows,
  } = props
  const { control, notes, clear } = useField(props)
  const shared = {
    ...control,
    placeholder,
    autocomplete,
    inputMode,
    'aria-required': isOptional ? undefined : true,
    value: value.value,
    onInput: (event: { currentTarget: { value: string } }) => {
      value.value = event.currentTarget.value
      clear()
    },
  }
  return (
    <div class="field">
      <label for={control.id}>
        {label}
        {isOptional && <span class="optional"> {words.optional}</span>}
      </label>
      {rows ? (
        <textarea {...shared} rows={rows} dir="auto" />
      ) : (
        <input {...shared} type={type as 'text'} dir={type === 'text' ? 'auto' : 'ltr'} />
      )}
      {notes}
    </div>
  )
}

export function CheckboxField({ value, ...props }: FieldProps & { value: Signal<boolean> }) {
  const { control, notes, clear } = useField(props)
  return (
    <div class="field">
      <label class="toggle">
        <input
          {...control}
          type="checkbox"
          checked={value.value}
          onChange={({ currentTarget }) => {
            value.value = currentTarget.checked
            clear()
          }}
        />
        <span>{props.label}</span>
      </label>
      {notes}
    </div>
  )
}

interface ChoiceProps<T extends string> extends FieldProps {
  value: Signal<T>
  options: readonly { value: T; text: string; hint?: string }[]
}

interface GroupProps {
  /** The name of the object in the API; its error is a whole sentence. */
  name: string
  label: string
  children: ComponentChildren
}

/** Fields that belong together, with what is wrong with all of them. */
export function FieldGroup({ name, label, children }: GroupProps) {
  const { errors, names } = useContext(FormContext)!
  names.add(name)
  const error = errors.value[name]
  return (
    <fieldset class="form-part">
      <legend>{label}</legend>
      {error !== undefined && (
        <p class="field-error" role="alert">
          {error[0]!.toUpperCase() + error.slice(1)}
        </p>
      )}
      {children}
    </fieldset>
  )
}

/** A choice of one of a few options. */
export function RadioGroup<T extends string>({ value, options, ...props }: ChoiceProps<T>) {
  const { id, control, notes, clear } = useField(props)
  return (
    <fieldset class="field" aria-describedby={control['aria-describedby']}>
      <legend>{props.label}</legend>
      {options.map((option) => (
        <label key={option.value} class="radio">
          <input
            type="radio"
            name={id}
            checked={value.value === option.value}
            onChange={() => {
              value.value = option.value
              clear()
            }}
          />
          <span>
            {option.text}
            {option.hint && <small class="quiet"> {option.hint}</small>}
          </span>
        </label>
      ))}
      {notes}
    </fieldset>
  )
}

export function SelectField<T extends string>({
  value,
  options,
  onChoose,
  ...props
}: ChoiceProps<T> & { onChoose?(chosen: T): void }) {
  const { control, notes, clear } = useField(props)
  return (
    <div class="field">
      <label for={control.id}>{props.label}</label>
      <select
        {...control}
        value={value.value}
        onChange={({ currentTarget }) => {
          value.value = currentTarget.value as T
          onChoose?.(value.value)
          clear()
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
      {notes}
    </div>
  )
}

interface CheckboxGroupProps extends FieldProps {
  value: Signal<readonly string[]>
  options: readonly { value: string; text: string; hint?: string }[]
}

/** A choice of any of a few options. */
export function CheckboxGroup({ value, options, ...props }: CheckboxGroupProps) {
  const { control, notes, clear } = useField(props)
  return (
    <fieldset
      class={options.length > 8 ? 'field choices-many' : 'field'}
      aria-describedby={control['aria-describedby']}
    >
      <legend>{props.label}</legend>
      <div class={options.length > 8 ? 'choices-many' : undefined}>
        {options.map((option) => (
          <label key={option.value} class="radio">
            <input
              type="checkbox"
              checked={value.value.includes(option.value)}
              onChange={({ currentTarget }) => {
                const others = value.value.filter((one) => one !== option.value)
                value.value = currentTarget.checked ? [...others, option.value] : others
                clear()
              }}
            />
            <span>
              {option.text}
              {option.hint && <small class="quiet"> {option.hint}</small>}
            </span>
          </label>
        ))}
      </div>
      {notes}
    </fieldset>
  )
}
