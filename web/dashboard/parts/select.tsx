import { useRef } from 'preact/hooks'

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
  /** More options, under a title. */
  group?: { title: string; options: readonly Option[] } | undefined
  /** Called with the value as a string; '' is the empty choice. If it returns false, the choice was refused. */
  // biome-ignore lint/suspicious/noConfusingVoidType: most callers return nothing
  onChoose(value: string): void | Promise<boolean>
}

/** A drop-down list. */
export function Select({ id, label, value, options, none, group, onChoose }: Props) {
  const latest = useRef(value)
  latest.current = value
  const choose = async (field: HTMLSelectElement) => {
    const isRefused = (await onChoose(field.value)) === false
    // The browser goes on showing what was chosen.
    if (isRefused) field.value = String(latest.current ?? '')
  }
  // A long name is cut off in a narrow window.
  const all = [...options, ...(group?.options ?? [])]
  const title = all.find((option) => String(option.value) === String(value))?.text
  return (
    <select
      id={id}
      aria-label={label}
      title={title}
      value={value ?? ''}
      onChange={({ currentTarget }) => void choose(currentTarget)}
    >
      {none !== undefined && <option value="">{none}</option>}
      {options.map(toElement)}
      {group && <optgroup label={group.title}>{group.options.map(toElement)}</optgroup>}
    </select>
  )
}

function toElement({ value, text }: Option) {
  return (
    <option key={value} value={value}>
      {text}
    </option>
  )
}
