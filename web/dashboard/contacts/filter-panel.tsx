import { type Signal, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { definitionsFor, needDefinitions } from '../data/definitions.ts'
import { labels } from '../data/directory.ts'
import { Icon } from '../icons.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { nameOfOperator, type Operator } from '../parts/operators.ts'
import { go } from '../router.ts'
import { addressFor, type Condition, wanted } from './list-state.ts'
import { contactWords as t } from './strings.ts'

/** What the values of a field are. */
type Kind = 'text' | 'number' | 'time' | 'date' | 'flag' | 'choice' | 'label'

interface Field {
  key: string
  text: string
  kind: Kind
  options?: readonly string[]
}

const operators: Record<Kind, readonly Operator[]> = {
  text: [
    'contains',
    'does_not_contain',
    'equal_to',
    'not_equal_to',
    'starts_with',
    'is_present',
    'is_not_present',
  ],
  number: ['equal_to', 'not_equal_to', 'is_greater_than', 'is_less_than', 'is_present', 'is_not_present'],
  time: ['is_greater_than', 'is_less_than', 'days_before'],
  date: ['is_greater_than', 'is_less_than', 'days_before', 'is_present', 'is_not_present'],
  flag: ['equal_to', 'not_equal_to'],
  choice: ['equal_to', 'not_equal_to', 'is_present', 'is_not_present'],
  label: ['equal_to', 'not_equal_to', 'is_present', 'is_not_present'],
}

const kinds = {
  text: 'text',
  number: 'number',
  currency: 'number',
  percent: 'number',
  link: 'text',
  date: 'date',
  list: 'choice',
  checkbox: 'flag',
} as const

const kindOfField: Partial<Record<keyof typeof t.fields, Kind>> = {
  labels: 'label',
  blocked: 'flag',
  created_at: 'time',
  last_activity_at: 'time',
}

function fields(): Field[] {
  const own = Object.entries(t.fields) as [keyof typeof t.fields, string][]
  return [
    ...own.map(([key, text]) => ({ key, text, kind: kindOfField[key] ?? ('text' as const) })),
    ...definitionsFor('contact_attribute').map((one) => ({
      key: one.attribute_key,
      text: one.attribute_display_name,
      kind: kinds[one.attribute_display_type],
      options: one.attribute_values,
    })),
  ]
}

function hasNoValue(operator: Operator): boolean {
  return operator === 'is_present' || operator === 'is_not_present'
}

/** The conditions of the list. Contacts that meet all of them are shown. */
export function FilterPanel({ onClose }: { onClose(): void }) {
  useEffect(() => void needDefinitions().catch(() => {}), [])
  const conditions = useSignal<readonly Condition[]>(
    wanted.value.conditions.length > 0 ? wanted.value.conditions : [firstCondition],
  )
  const apply = (all: readonly Condition[]) => {
    const complete = all.filter(
      ({ filter_operator, values }) => hasNoValue(filter_operator) || values.length > 0,
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
  const isTime = field.kind === 'time' || field.kind === 'date'
  return (
    <div class="contacts-condition">
      <select
        aria-label={t.field}
        value={field.key}
        onChange={({ currentTarget }) => {
          const next = all.find(({ key }) => key === currentTarget.value)!
          set({ attribute_key: next.key, filter_operator: operators[next.kind][0]!, values: [] })
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
        {operators[field.kind].map((operator) => (
          <option key={operator} value={operator}>
            {nameOfOperator(operator, isTime)}
          </option>
        ))}
      </select>
      {!hasNoValue(condition.filter_operator) && (
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
  const isDays = condition.filter_operator === 'days_before'
  const options = optionsOf(field)
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
  const isDate = (field.kind === 'time' || field.kind === 'date') && !isDays
  return (
    <input
      aria-label={t.value}
      type={(isDate ? 'date' : 'text') as 'text'}
      inputMode={isDays || field.kind === 'number' ? 'decimal' : undefined}
      value={value}
      dir="auto"
      onInput={({ currentTarget }) => onChange(currentTarget.value)}
    />
  )
}

function optionsOf({ kind, options = [] }: Field): { value: string; text: string }[] | undefined {
  if (kind === 'label') return labels.value.map(({ title }) => ({ value: title, text: title }))
  if (kind === 'choice') return options.map((value) => ({ value, text: value }))
  if (kind !== 'flag') return undefined
  return [
    { value: 'true', text: t.yes },
    { value: 'false', text: t.no },
  ]
}
