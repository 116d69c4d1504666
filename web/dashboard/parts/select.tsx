export interface Option {
  value: string | number
  text: string
}

interface Props {
  id?: string
  label?: string
  value: string | number | null | undefined
  options: readonly Option[]
  /** The label of the empty choice; without it there is none. */
  none?: string
  /** Called with the value as a string; '' is the empty choice. */
  onChoose(value: string): void
}

/** A drop-down list. */
export function Select({ id, label, value, options, none, onChoose }: Props) {
  // A long name is cut off in a narrow window.
  const title = options.find((option) => String(option.value) === String(value))?.text
  return (
    <select
      id={id}
      aria-label={label}
      title={title}
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
