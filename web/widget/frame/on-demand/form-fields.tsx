import type { FormField } from '../../../../src/features/messages/schema.ts'
import type { Message } from '../data/api-types.ts'
import { strings } from '../strings.ts'

/** The fields of a form; once it was submitted, the answers in `given` instead. */
export function FormFields({ message, given }: { message: Message; given: unknown }) {
  const { items } = message.content_attributes
  const fields = (Array.isArray(items) ? items : []) as FormField[]
  return (
    <>
      {fields.map((field) =>
        given === undefined ? (
          <Field key={field.name} field={field} id={`field-${message.id}-${field.name}`} />
        ) : (
          <Filled field={field} given={given} />
        ),
      )}
    </>
  )
}

function Field({ field, id }: { field: FormField; id: string }) {
  const { name, label, type, required } = field
  if (type === 'checkbox') {
    return (
      <label class="check">
        <input type="checkbox" name={name} required={required} />
        <span>{label}</span>
      </label>
    )
  }
  return (
    <div>
      <label for={id}>
        {label}
        {required && <span aria-hidden="true"> *</span>}
      </label>
      <Input field={field} id={id} />
    </div>
  )
}

function Input({ field, id }: { field: FormField; id: string }) {
  const { name, type, placeholder, required, options = [] } = field
  const own = { id, name, required, placeholder, maxLength: 2000, dir: 'auto' as const }
  if (type === 'text_area') return <textarea rows={3} defaultValue={field.default ?? ''} {...own} />
  if (type === 'email') return <input type="email" defaultValue={field.default ?? ''} {...own} />
  if (type !== 'select') return <input type="text" defaultValue={field.default ?? ''} {...own} />
  return (
    <select id={id} name={name} required={required}>
      <option value="">{placeholder ?? strings.value.choose}</option>
      {options.map(({ label, value }) => (
        <option key={value} value={value} selected={value === field.default}>
          {label}
        </option>
      ))}
    </select>
  )
}

function Filled({ field: { name, label, options }, given }: { field: FormField; given: unknown }) {
  const all = (Array.isArray(given) ? given : []) as { name?: string; value?: unknown }[]
  const value = all.find((one) => one.name === name)?.value
  const shown =
    value === true ? '✓' : value === undefined || value === false || value === '' ? '–' : String(value)
  return (
    <p>
      <span class="quiet">{label}</span>
      <br />
      <bdi>{options?.find((option) => option.value === value)?.label ?? shown}</bdi>
    </p>
  )
}
