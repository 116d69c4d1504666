import { useSignal } from '@preact/signals'
import { useEffect, useId, useRef } from 'preact/hooks'
import './company-values.css'
import type { Company } from '../data/api-types.ts'
import { ValueChip } from '../parts/value-chip.tsx'
import { strings } from '../strings.ts'
import { companyName, findCompanies, needCompanyNames, noteCompany } from './names.ts'
import { companyWords as t } from './strings.ts'

interface Props {
  label: string
  /** Connects the control with its error. */
  control?: object
  /** The ids of the chosen companies. */
  ids: readonly string[]
  most?: number
  onChange(ids: readonly string[]): void
}

/** The companies of a condition: each chosen one can be removed, and others are found by typing their names. */
export function CompanyValues({ label, control = {}, ids, most = 50, onChange }: Props) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => void needCompanyNames(ids), [ids.join()])
  const choose = (company: Company) => {
    noteCompany(company)
    const id = String(company.id)
    if (ids.includes(id)) return
    onChange([...ids, id])
    // The field, which has the focus, is gone then.
    if (ids.length + 1 >= most)
      setTimeout(() => box.current?.querySelector<HTMLElement>('.chip:last-of-type button')?.focus())
  }
  return (
    <div ref={box} class="condition-choices">
      {ids.map((id) => (
        <ValueChip
          key={id}
          text={companyName(id)}
          remove={t.removeChoice(companyName(id))}
          onRemove={() => onChange(ids.filter((other) => other !== id))}
        />
      ))}
      {ids.length < most && <CompanyPicker label={label} control={control} onChoose={choose} />}
    </div>
  )
}

// Milliseconds without a letter after which companies are looked for.
const pause = 150

interface PickerProps {
  label: string
  control: object
  onChoose(company: Company): void
}

/** The companies with the words of a text, or why they could not be looked for. */
interface Found {
  text: string
  companies: readonly Company[]
  trouble?: string
}

/** A field that offers the companies with the words that are typed. */
function CompanyPicker({ label, control, onChoose }: PickerProps) {
  const id = useId()
  const text = useSignal('')
  const found = useSignal<Found | undefined>(undefined)
  const chosen = useSignal(0)
  useEffect(() => {
    const wanted = text.value.trim()
    if (wanted === '') {
      found.value = undefined
      return
    }
    const timer = setTimeout(async () => {
      const result = await findCompanies(wanted).then(
        (companies) => ({ companies }),
        ({ message }: Error) => ({ companies: [], trouble: message }),
      )
      if (text.value.trim() !== wanted) return
      found.value = { text: wanted, ...result }
      chosen.value = 0
    }, pause)
    return () => clearTimeout(timer)
  }, [text.value])
  const { companies = [], trouble } = found.value ?? {}
  const choose = (company: Company) => {
    text.value = ''
    found.value = undefined
    onChoose(company)
  }
  const press = (event: KeyboardEvent) => {
    if (event.isComposing || text.value.trim() === '') return
    const at = companies.length === 0 ? 0 : chosen.value
    switch (event.key) {
      case 'ArrowDown':
        chosen.value = Math.min(at + 1, companies.length - 1)
        break
      case 'ArrowUp':
        chosen.value = Math.max(at - 1, 0)
        break
      case 'Enter':
        // A form is not sent with a name that stands for no company yet, and the list may still be that of an older text.
        if (companies[at] && found.value?.text === text.value.trim()) choose(companies[at])
        break
      case 'Escape':
        text.value = ''
        event.stopPropagation()
        break
      default:
        return
    }
    event.preventDefault()
  }
  return (
    <div class="company-picker">
      <input
        {...control}
        type="text"
        role="combobox"
        aria-label={label}
        aria-autocomplete="list"
        aria-expanded={companies.length > 0}
        aria-controls={companies.length > 0 ? `${id}list` : undefined}
        aria-activedescendant={companies.length > 0 ? `${id}${chosen.value}` : undefined}
        placeholder={t.find}
        autocomplete="off"
        dir="auto"
        maxLength={255}
        value={text.value}
        onInput={({ currentTarget }) => {
          text.value = currentTarget.value
        }}
        onKeyDown={press}
      />
      {companies.length > 0 && (
        <div id={`${id}list`} role="listbox" aria-label={label}>
          {companies.map((company, index) => (
            <Option
              key={company.id}
              id={`${id}${index}`}
              company={company}
              isChosen={index === chosen.value}
              onChoose={() => choose(company)}
            />
          ))}
        </div>
      )}
      <small class="quiet" role="status">
        {trouble !== undefined
          ? strings.complaint(trouble)
          : found.value && companies.length === 0 && t.notFound}
      </small>
    </div>
  )
}

interface OptionProps {
  id: string
  company: Company
  isChosen: boolean
  onChoose(): void
}

function Option({ id, company: { name, domain }, isChosen, onChoose }: OptionProps) {
  return (
    // The field above keeps the focus and handles the keys.
    // biome-ignore lint/a11y/useKeyWithClickEvents: as said
    // biome-ignore lint/a11y/useFocusableInteractive: as said
    <div
      id={id}
      role="option"
      aria-selected={isChosen}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onChoose}
    >
      <bdi>{name}</bdi>
      {domain && <bdi class="quiet">{domain}</bdi>}
    </div>
  )
}
