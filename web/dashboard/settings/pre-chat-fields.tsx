import { type Signal, useSignal } from '@preact/signals'
import type { PreChatField } from '../../../src/features/inboxes/schema.ts'
import type { Inbox } from '../data/api-types.ts'
import { IconButton } from '../parts/icon-button.tsx'
import { CheckboxField, FieldGroup, TextField } from './fields.tsx'
import { words } from './strings.ts'
import './style/macros.css'

const t = words.preChat
const path = 'channel.widget.pre_chat_form_options'
const most = 10

type Kind = keyof typeof t.fields
const kinds = Object.keys(t.fields) as Kind[]

/** A field as it is edited. */
interface Draft {
  kind: Kind
  /** That of a custom attribute; new ones get it from their label. */
  name: string | undefined
  label: string
  required: boolean
  values: string
}

/** What is edited of the form before a chat. A hook. */
export function usePreChat(before: NonNullable<Inbox['widget']> | null) {
  const form = before?.pre_chat_form_options
  const enabled = useSignal(before?.pre_chat_form_enabled ?? false)
  const message = useSignal(form?.pre_chat_message ?? '')
  const fields = useSignal<readonly Draft[]>((form?.pre_chat_fields ?? []).map(draftOf))
  return {
    ...{ enabled, message, fields },
    draft: () => ({
      pre_chat_form_enabled: enabled.value,
      pre_chat_form_options: {
        pre_chat_message: message.value.trim() || null,
        pre_chat_fields: fields.value.map(fieldOf),
      },
    }),
  }
}

function draftOf({ name, type, label, required, values = [] }: PreChatField): Draft {
  const isOfContact = name === 'name' || name === 'email' || name === 'phone_number'
  const kind = isOfContact ? name : type === 'select' || type === 'checkbox' ? type : 'text'
  return { kind, name: isOfContact ? undefined : name, label, required, values: values.join('\n') }
}

function fieldOf({ kind, name, label, required, values }: Draft): PreChatField {
  const own = { label: label.trim(), required }
  if (kind === 'name') return { name: kind, type: 'text', ...own }
  if (kind === 'email') return { name: kind, type: 'email', ...own }
  if (kind === 'phone_number') return { name: kind, type: 'tel', ...own }
  const field = { name: name ?? nameOf(label), type: kind, ...own }
  if (kind !== 'select') return field
  const lines = values.split('\n').map((line) => line.trim())
  return { ...field, values: lines.filter(Boolean) }
}

/** The name of the custom attribute for a label: `Order number` is `order_number`. */
function nameOf(label: string): string {
  const plain = label.normalize('NFD').toLowerCase()
  const parts = plain.split(/[^a-z0-9]/).filter(Boolean)
  const name = parts.join('_').slice(0, 50)
  return /^[a-z]/.test(name) ? name : `field${name}`.slice(0, 50)
}

/** The form that visitors see before they can write. */
export function PreChatFields({ form }: { form: ReturnType<typeof usePreChat> }) {
  return (
    <>
      <CheckboxField name="channel.widget.pre_chat_form_enabled" label={t.enabled} value={form.enabled} />
      {form.enabled.value && (
        <>
          <TextField name={`${path}.pre_chat_message`} label={t.message} value={form.message} isOptional />
          <Fields fields={form.fields} />
        </>
      )}
    </>
  )
}

function Fields({ fields }: { fields: Signal<readonly Draft[]> }) {
  const all = fields.value
  const add = () => {
    fields.value = [...all, { kind: 'text', name: undefined, label: '', required: false, values: '' }]
  }
  return (
    <FieldGroup name={`${path}.pre_chat_fields`} label={t.title}>
      <ol class="macro-steps">
        {all.map((field, index) => (
          <Field
            key={index}
            field={field}
            number={index + 1}
            onChange={(change) => {
              fields.value = all.with(index, { ...field, ...change })
            }}
            onRemove={() => {
              fields.value = all.toSpliced(index, 1)
            }}
          />
        ))}
      </ol>
      {all.length < most && (
        <button type="button" class="button-quiet" onClick={add}>
          {t.add}
        </button>
      )}
    </FieldGroup>
  )
}

interface FieldProps {
  field: Draft
  number: number
  onChange(change: Partial<Draft>): void
  onRemove(): void
}

function Field({ field: { kind, label, required, values }, number, onChange, onRemove }: FieldProps) {
  return (
    <li class="macro-step">
      <div class="macro-step-head">
        <select
          aria-label={t.kind(number)}
          value={kind}
          onChange={({ currentTarget }) => {
            const chosen = currentTarget.value as Kind
            const isFree = label === '' || label === t.labels[kind]
            onChange({ kind: chosen, name: undefined, ...(isFree ? { label: t.labels[chosen] } : {}) })
          }}
        >
          {kinds.map((one) => (
            <option key={one} value={one}>
              {t.fields[one]}
            </option>
          ))}
        </select>
        <IconButton icon="trash" name={t.remove(number)} onClick={onRemove} />
      </div>
      <input
        type="text"
        dir="auto"
        maxLength={100}
        aria-label={t.label(number)}
        placeholder={t.label(number)}
        value={label}
        onInput={({ currentTarget }) => onChange({ label: currentTarget.value })}
      />
      {kind === 'select' && (
        <textarea
          rows={3}
          dir="auto"
          aria-label={t.values(number)}
          placeholder={t.values(number)}
          value={values}
          onInput={({ currentTarget }) => onChange({ values: currentTarget.value })}
        />
      )}
      <label class="toggle">
        <input
          type="checkbox"
          checked={required}
          onChange={({ currentTarget }) => onChange({ required: currentTarget.checked })}
        />
        <span>{t.required}</span>
      </label>
    </li>
  )
}
