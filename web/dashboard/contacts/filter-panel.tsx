import { type Signal, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { CompanyValues } from '../companies/company-values.tsx'
import { definitionsFor, needDefinitions } from '../data/definitions.ts'
import { labels } from '../data/directory.ts'
import { Icon } from '../icons.tsx'
import {
  type Field,
  type FieldKind,
  fieldOfDefinition,
  firstOperator,
  flags,
  hasValues,
  inputFor,
  operatorsFor,
} from '../parts/field-kinds.ts'
import { IconButton } from '../parts/icon-button.tsx'
import type { Operator } from '../parts/operators.ts'
import { go } from '../router.ts'
import { addressFor, type Condition, wanted } from './list-state.ts'
import { contactWords as t } from './strings.ts'

const kindOfField: Partial<Record<keyof typeof t.fields, FieldKind>> = {
  labels: 'choice',
  blocked: 'flag',
  company_id: 'company',
  created_at: 'time',
  last_activity_at: 'time',
}

function fields(): Field[] {
  const own = Object.entries(t.fields) as [keyof typeof t.fields, string][]
  const titles = labels.value.map(({ title }) => ({ value: title, text: title }))
  return [
    ...own.map(([key, text]) => ({
      ...{ key, text, kind: kindOfField[key] ?? 'text' },
      options: key === 'labels' ? titles : undefined,
    })),
    ...definitionsFor('contact_attribute').map((one) => fieldOfDefinition(one)),
  ]
}

/** The conditions of the list. Contacts that meet all of them are shown. */
export function FilterPanel({ onClose }: { onClose(): void }) {
  useEffect(() => void needDefinitions().catch(() => {}), [])
  const conditions = useSignal<readonly Condition[]>(
    wanted.value.conditions.length > 0 ? wanted.value.conditions : [firstCondition],
  )
  const apply = (all: readonly Condition[]) => {
    const complete = all.filter(
      ({ filter_operator, values }) => !hasValues(filter_operator) || values.length > 0,
    )
    go(addressFor(undefined, { conditions: complete }))
    onClose()
  }
  return (
    <form
      class="contacts-filter"
      aria-label={t.conditions}
      onSubmit={(event) => {
        event.preventDefault()
        apply(conditions.value)
      }}
    >
      {conditions.value.map((condition, index) => (
        <Row key={index} condition={condition} index={index} conditions={conditions} />
      ))}
      <div class="buttons">
        <button
          type="button"
          class="button-quiet button-small"
          disabled={conditions.value.length >= 5}
          onClick={() => {
            conditions.value = [...conditions.value, firstCondition]
          }}
        >
          <Icon name="plus" /> {t.addCondition}
        </button>
        <button type="submit" class="button button-small">
          {t.apply}
        </button>
        {wanted.value.conditions.length > 0 && (
          <button type="button" class="button-quiet button-small" onClick={() => apply([])}>
            {t.clear}
          </button>
        )}
      </div>
    </form>
  )
}

const firstCondition: Condition = { attribute_key: 'labels', filter_operator: 'equal_to', values: [] }

interface RowProps {
  condition: Condition
  index: number
  conditions: Signal<readonly Condition[]>
}

function Row({ condition, index, conditions }: RowProps) {
  const all = fields()
  const field = all.find(({ key }) => key === condition.attribute_key) ?? all[0]!
  const set = (change: Partial<Condition>) => {
    conditions.value = conditions.value.map((one, at) => (at === index ? { ...one, ...change } : one))
  }
  return (
    <div class="contacts-condition">
      <select
        aria-label={t.field}
        value={field.key}
        onChange={({ currentTarget }) => {
          const next = all.find(({ key }) => key === currentTarget.value)!
          set({ attribute_key: next.key, filter_operator: firstOperator(next.kind), values: [] })
        }}
      >
        {all.map(({ key, text }) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
      <select
        aria-label={t.operator}
        value={condition.filter_operator}
        onChange={({ currentTarget }) =>
          set({ filter_operator: currentTarget.value as Operator, values: [] })
        }
      >
        {operatorsFor(field.kind, condition.filter_operator).map(({ value, text }) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
      {hasValues(condition.filter_operator) && (
        <Value
          field={field}
          condition={condition}
          onChange={(text) => set({ values: text.trim() === '' ? [] : [text.trim()] })}
        />
      )}
      <IconButton
        icon="close"
        name={t.removeCondition}
        onClick={() => {
          conditions.value = conditions.value.filter((_, at) => at !== index)
        }}
      />
    </div>
  )
}

function Value({
  field,
  condition,
  onChange,
}: {
  field: Field
  condition: Condition
  onChange(text: string): void
}) {
  const value = String(condition.values[0] ?? '')
  if (field.kind === 'company') {
    return (
      <CompanyValues
        label={t.value}
        ids={value === '' ? [] : [value]}
        most={1}
        onChange={([id = '']) => onChange(id)}
      />
    )
  }
  const input = inputFor(field.kind, condition.filter_operator)
  const options = input === 'flag' ? flags : field.options
  if (options) {
    return (
      <select
        aria-label={t.value}
        value={value}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      >
        <option value="">{t.notChosen}</option>
        {options.map((one) => (
          <option key={one.value} value={one.value}>
            {one.text}
          </option>
        ))}
      </select>
    )
  }
  return (
    <input
      aria-label={t.value}
      type={(input === 'date' ? 'date' : 'text') as 'text'}
      inputMode={input === 'days' || input === 'number' ? 'decimal' : undefined}
      value={value}
      dir="auto"
      onInput={({ currentTarget }) => onChange(currentTarget.value)}
    />
  )
}
