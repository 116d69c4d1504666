export interface Option {
  value: string | number
  text: string
}

interface Props {
  id?: string
  label?: string
  value: string | number | null | undefined
  options: readonly Option[]
  /** What stands for nothing chosen; without it something always is. */
  none?: string
  /** Called with the text of the value, '' for nothing. */
  onChoose(value: string): void
}

/** A list to choose one of. */
export function Select({ id, label, value, options, none, onChoose }: Props) {
  return (
    <select
      id={id}
      aria-label={label}
      value={value ?? ''}
      onChange={({ currentTarget }) => onChoose(currentTarget.value)}
    >
      {none !== undefined && <option value="">{none}</option>}
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.text}
        </option>
      ))}
    </select>
  )
}
