import { computed } from '@preact/signals'
import type { View } from '../data/api-types.ts'
import { definitionsFor } from '../data/definitions.ts'
import { agents, inboxes, labels, teams } from '../data/directory.ts'
import {
  type Field,
  type FieldKind,
  fieldOfDefinition,
  fittingOperator,
  hasSingleValue,
  hasValues,
} from '../parts/field-kinds.ts'
import type { Operator } from '../parts/operators.ts'
import { strings } from '../strings.ts'
import { viewWords as t } from './view-strings.ts'

type FieldName = Exclude<keyof typeof t.fields, 'attribute'>

/** A condition of a view as the form shows it. */
export interface Condition {
  /** The key of a field, or the name of an attribute. */
  key: string
  /** Whether the name of the attribute is typed, whatever it is. */
  isTyped: boolean
  operator: Operator
  values: readonly string[]
}

/** The conditions of a view: all conditions of at least one group must be met. */
export type Groups = readonly (readonly Condition[])[]

/** The value of the choice of an attribute whose name is typed. */
export const typedAttribute = '*'

const kinds: Partial<Record<FieldName, FieldKind>> = {
  contact_id: 'id',
  company_id: 'company',
  display_id: 'id',
  created_at: 'time',
  last_activity_at: 'time',
}

function ownFields(): Field[] {
  const { attribute, ...texts } = t.fields
  return (Object.entries(texts) as [FieldName, string][]).map(([key, text]) => {
    const options = choicesOf(key)
    return { key, text, kind: options ? 'choice' : (kinds[key] ?? 'text'), options }
  })
}

/** All fields, in groups: those of conversations, and the attributes that have a definition. */
export const fieldGroups = computed((): { title: string; fields: readonly Field[] }[] => {
  const ofConversations = definitionsFor('conversation_attribute').map((one) => fieldOfDefinition(one))
  const ofContacts = definitionsFor('contact_attribute').map((one) => fieldOfDefinition(one, 'contact.'))
  return [
    { title: t.conversation, fields: ownFields() },
    { title: t.conversationAttributes, fields: ofConversations },
    { title: t.contactAttributes, fields: ofContacts },
  ].filter(({ fields }) => fields.length > 0)
})

/** The field of a condition. That of an attribute without a definition has the kind `any`. */
export function fieldOf({ key, isTyped }: Condition): Field {
  const known = fieldGroups.value.flatMap(({ fields }) => fields)
  const field = isTyped ? undefined : known.find((one) => one.key === key)
  return field ?? { key, text: key, kind: 'any' }
}

const named = ({ id, name }: { id: number; name: string }) => ({ value: String(id), text: name })

/** The values that a field can have; undefined if they are entered. */
function choicesOf(field: FieldName): Field['options'] {
  switch (field) {
    case 'status': {
      const { all, ...statuses } = strings.list.statuses
      return Object.entries(statuses).map(([value, text]) => ({ value, text }))
    }
    case 'priority':
      return Object.entries(strings.details.priorities).map(([value, text]) => ({ value, text }))
    case 'assignee_id':
      return [{ value: 'me', text: t.me }, ...agents.value.map(named)]
    case 'inbox_id':
      return inboxes.value.map(named)
    case 'team_id':
      return teams.value.map(named)
    case 'labels':
      return labels.value.map(({ title }) => ({ value: title, text: title }))
    default:
      return undefined
  }
}

/** Returns a condition after another field was chosen. */
export function withField({ operator }: Condition, chosen: string): Condition {
  const isTyped = chosen === typedAttribute
  const next: Condition = { key: isTyped ? '' : chosen, isTyped, operator, values: [] }
  return { ...next, operator: fittingOperator(fieldOf(next).kind, operator) }
}

/** Returns a condition after another operator was chosen. Values that its control does not show would be saved unseen. */
export function withOperator(condition: Condition, operator: Operator): Condition {
  const { values } = condition
  const isSingle = hasSingleValue(fieldOf(condition).kind, operator)
  return { ...condition, operator, values: isSingle ? values.slice(0, 1) : values }
}

export const newCondition: Condition = { key: 'status', isTyped: false, operator: 'equal_to', values: [] }

/** Reads the filter of a view. */
export function groupsOf(filter: View['filter']): Groups {
  const groups: Condition[][] = [[]]
  for (const { attribute_key, filter_operator, values, query_operator } of filter) {
    groups.at(-1)!.push({
      ...{ key: attribute_key, isTyped: false, operator: filter_operator },
      values: values.map(String),
    })
    if (query_operator === 'OR') groups.push([])
  }
  return groups.filter((group) => group.length > 0)
}

/** Writes the filter of a view. */
export function filterOf(groups: Groups): View['filter'] {
  const all = groups.flatMap((group) =>
    group.map((condition, index) => ({
      attribute_key: condition.key.trim(),
      filter_operator: condition.operator,
      values: hasValues(condition.operator) ? condition.values.filter((value) => value !== '') : [],
      query_operator: index < group.length - 1 ? ('AND' as const) : ('OR' as const),
    })),
  )
  return all.map((selector, index) => ({
    ...selector,
    query_operator: index < all.length - 1 ? selector.query_operator : null,
  }))
}
