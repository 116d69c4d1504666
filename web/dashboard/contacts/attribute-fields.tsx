import { useEffect } from 'preact/hooks'
import './edit-field.css'
import type { CustomAttributeDefinition } from '../data/api-types.ts'
import { definitionsFor, needDefinitions } from '../data/definitions.ts'
import { Attributes } from '../parts/attributes.tsx'
import { EditField } from './edit-field.tsx'
import { contactWords as t } from './strings.ts'

interface Props {
  model: CustomAttributeDefinition['attribute_model']
  attributes: Record<string, unknown>
  /** Stores one attribute; null removes it. Throws CallError. */
  save(change: Record<string, unknown>): Promise<void>
}

/** Custom attributes: those with a definition as fields, each with the control for its type, and the others as text. */
export function AttributeFields({ model, attributes, save }: Props) {
  useEffect(() => void needDefinitions().catch(() => {}), [])
  const defined = definitionsFor(model)
  const keys = new Set(defined.map(({ attribute_key }) => attribute_key))
  const others = Object.fromEntries(Object.entries(attributes).filter(([key]) => !keys.has(key)))
  return (
    <>
      {defined.map((definition) => (
        <AttributeField
          key={definition.id}
          definition={definition}
          value={attributes[definition.attribute_key]}
          save={(value) => save({ [definition.attribute_key]: value })}
        />
      ))}
      {Object.keys(others).length > 0 && (
        <dl class="facts">
          <Attributes attributes={others} />
        </dl>
      )}
    </>
  )
}

interface FieldProps {
  definition: CustomAttributeDefinition
  value: unknown
  save(value: unknown): Promise<void>
}

function AttributeField({ definition, value, save }: FieldProps) {
  const { attribute_key, attribute_display_name, attribute_display_type: type } = definition
  const text = textOf(value)
  const shared = {
    name: `custom_attributes.${attribute_key}`,
    label: attribute_display_name,
    hint: hintOf(definition),
    save: (typed: string) => save(typed === '' ? null : typed),
  }
  switch (type) {
    case 'number':
    case 'currency':
    case 'percent':
      return <EditField {...shared} value={text} inputMode="decimal" />
    case 'date':
      return <EditField {...shared} value={text.slice(0, 10)} type="date" />
    case 'link':
      return <EditField {...shared} value={text} type="url" extra={<OpenLink address={text} />} />
    case 'list':
      return <EditField {...shared} value={text} options={optionsOf(definition, text)} />
    case 'checkbox':
      return <EditField {...shared} value={text} options={flags} />
    default:
      return <EditField {...shared} value={text} />
  }
}

const flags = [
  { value: 'true', text: t.yes },
  { value: 'false', text: t.no },
]

/** The values of a list, and the stored one if it is not one of them. */
function optionsOf({ attribute_values }: CustomAttributeDefinition, stored: string) {
  const all =
    stored === '' || attribute_values.includes(stored) ? attribute_values : [...attribute_values, stored]
  return all.map((value) => ({ value, text: value }))
}

function OpenLink({ address }: { address: string }) {
  // Values from before the definition can be anything.
  if (!/^https?:\/\//i.test(address)) return null
  return (
    <a href={address} target="_blank" rel="noopener noreferrer">
      {t.openLink}
    </a>
  )
}

function hintOf({ attribute_description, regex_cue }: CustomAttributeDefinition): string | undefined {
  return [attribute_description, regex_cue && t.pattern(regex_cue)].filter(Boolean).join(' ') || undefined
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
