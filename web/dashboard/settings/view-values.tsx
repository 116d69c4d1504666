import { Icon } from '../icons.tsx'
import { type Condition, choicesOf, kindOf } from './view-conditions.ts'
import { viewWords as t } from './view-strings.ts'

interface Props {
  condition: Condition
  /** Connects the control with its error. */
  control: object
  onChange(values: readonly string[]): void
}

/** The values that a condition compares with, in a control that fits its field. */
export function ConditionValues(props: Props) {
  const { condition, control, onChange } = props
  const label = t.value(condition.attribute || t.fields[condition.field])
  const kind = kindOf(condition.field)
  if (condition.operator === 'days_before') {
    return (
      <input
        {...control}
        type="number"
        min={0}
        aria-label={t.days}
        placeholder={t.days}
        value={condition.values[0] ?? ''}
        onInput={({ currentTarget }) => onChange([currentTarget.value])}
      />
    )
  }
  if (kind === 'choice') return <Choices {...props} label={label} />
  if (kind === 'time') {
    return (
      <input
        {...control}
        type="date"
        aria-label={label}
        value={dateOf(condition.values[0] ?? '')}
        onInput={({ currentTarget }) => onChange([currentTarget.value])}
      />
    )
  }
  return (
    <textarea
      {...control}
      class="condition-text"
      aria-label={`${label}, ${t.onePerLine}`}
      placeholder={t.onePerLine}
      inputMode={kind === 'number' ? 'numeric' : undefined}
      rows={1}
      dir="auto"
      value={condition.values.join('\n')}
      onInput={({ currentTarget }) => onChange(currentTarget.value.split('\n'))}
    />
  )
}

/** A program can have written a time as Unix seconds. */
function dateOf(value: string): string {
  return /^\d+$/.test(value) ? new Date(Number(value) * 1000).toISOString().slice(0, 10) : value
}

/** The chosen values, each can be removed, and a list to add others. */
function Choices({ condition: { field, values }, control, onChange, label }: Props & { label: string }) {
  const options = choicesOf(field)!
  const textOf = (value: string) => options.find((option) => option.value === value)?.text ?? `#${value}`
  return (
    <div class="condition-choices">
      {values.map((value) => (
        <span key={value} class="chip">
          <span class="chip-title" title={textOf(value)}>
            <bdi>{textOf(value)}</bdi>
          </span>
          <button
            type="button"
            class="chip-remove"
            aria-label={t.removeValue(textOf(value))}
            onClick={({ currentTarget }) => {
              onChange(values.filter((other) => other !== value))
              currentTarget.closest('.condition-choices')!.querySelector('select')!.focus()
            }}
          >
            <Icon name="close" />
          </button>
        </span>
      ))}
      <select
        {...control}
        aria-label={label}
        value=""
        onChange={({ currentTarget }) => {
          const chosen = currentTarget.value
          currentTarget.value = ''
          if (chosen) onChange([...values, chosen])
        }}
      >
        <option value="">{t.addValue}</option>
        {options
          .filter(({ value }) => !values.includes(String(value)))
          .map(({ value, text }) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
      </select>
    </div>
  )
}
