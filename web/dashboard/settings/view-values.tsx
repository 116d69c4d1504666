import { CompanyValues } from '../companies/company-values.tsx'
import { type Field, flags, hasSingleValue, inputFor } from '../parts/field-kinds.ts'
import { ValueChip } from '../parts/value-chip.tsx'
import { strings } from '../strings.ts'
import type { Condition } from './view-conditions.ts'
import { viewWords as t } from './view-strings.ts'

interface Props {
  condition: Condition
  field: Field
  /** Connects the control with its error. */
  control: object
  onChange(values: readonly string[]): void
}

/** The values that a condition compares with, in a control that fits its field. */
export function ConditionValues(props: Props) {
  const { condition, field, control, onChange } = props
  const { operator, values } = condition
  const label = field.text === '' ? t.values : t.value(field.text)
  if (field.kind === 'choice') return <Choices {...props} label={label} />
  if (field.kind === 'company')
    return <CompanyValues label={label} control={control} ids={values} onChange={onChange} />
  const single = {
    ...control,
    'aria-label': label,
    value: values[0] ?? '',
    onInput: (event: { currentTarget: { value: string } }) => onChange([event.currentTarget.value]),
  }
  const kind = inputFor(field.kind, operator)
  if (kind === 'days')
    return <input {...single} type="number" min={0} aria-label={t.days} placeholder={t.days} />
  if (kind === 'date') return <input {...single} type="date" value={dateOf(single.value)} />
  if (kind === 'flag') {
    return (
      <select {...single} onChange={single.onInput}>
        <option value="">{strings.details.empty}</option>
        {flags.map(({ value, text }) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    )
  }
  if (hasSingleValue(field.kind, operator))
    return <input {...single} type="text" inputMode={kind === 'number' ? 'decimal' : undefined} />
  return (
    <textarea
      {...control}
      class="condition-text"
      aria-label={`${label}, ${t.onePerLine}`}
      placeholder={t.onePerLine}
      inputMode={kind === 'number' ? 'decimal' : undefined}
      rows={1}
      dir="auto"
      value={values.join('\n')}
      onInput={({ currentTarget }) => onChange(currentTarget.value.split('\n'))}
    />
  )
}

/** A program can have written a time as Unix seconds. */
function dateOf(value: string): string {
  return /^\d+$/.test(value) ? new Date(Number(value) * 1000).toISOString().slice(0, 10) : value
}

/** The chosen values, each can be removed, and a list to add others. */
function Choices({ condition: { values }, field, control, onChange, label }: Props & { label: string }) {
  const options = field.options ?? []
  const textOf = (value: string) => options.find((option) => option.value === value)?.text ?? `#${value}`
  return (
    <div class="condition-choices">
      {values.map((value) => (
        <ValueChip
          key={value}
          text={textOf(value)}
          remove={t.removeValue(textOf(value))}
          onRemove={() => onChange(values.filter((other) => other !== value))}
        />
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
          .filter(({ value }) => !values.includes(value))
          .map(({ value, text }) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
      </select>
    </div>
  )
}
