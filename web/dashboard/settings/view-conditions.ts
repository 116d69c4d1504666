import type { View } from '../data/api-types.ts'
import { agents, inboxes, labels, teams } from '../data/directory.ts'
import { nameOfOperator, type Operator } from '../parts/operators.ts'
import type { Option } from '../parts/select.tsx'
import { strings } from '../strings.ts'
import { viewWords as t } from './view-strings.ts'

export type FieldName = keyof typeof t.fields

/** A condition of a view as the form shows it. */
export interface Condition {
  field: FieldName
  /** The name of the custom attribute, if that is the field. */
  attribute: string
  operator: Operator
  values: readonly string[]
}

/** The conditions of a view: all conditions of at least one group must be met. */
export type Groups = readonly (readonly Condition[])[]

/** How the values of a field are entered. */
export type Kind = 'choice' | 'text' | 'number' | 'time'

const equality: Operator[] = ['equal_to', 'not_equal_to', 'is_present', 'is_not_present']
const ofTexts: Operator[] = [...equality, 'contains', 'does_not_contain', 'starts_with']
const operatorsOf: Record<Kind, Operator[]> = {
  choice: equality,
  number: equality,
  text: ofTexts,
  time: ['is_greater_than', 'is_less_than', 'days_before'],
}

export function kindOf(field: FieldName): Kind {
  if (choicesOf(field)) return 'choice'
  if (field === 'contact_id' || field === 'display_id') return 'number'
  return field === 'created_at' || field === 'last_activity_at' ? 'time' : 'text'
}

/** The operators that fit a field, in words; also the current one, which a program may have chosen. */
export function operatorsFor({ field, operator }: Condition): { value: Operator; text: string }[] {
  const kind = kindOf(field)
  const fitting = [...operatorsOf[kind]]
  if (field === 'attribute') fitting.push('is_greater_than', 'is_less_than')
  if (!fitting.includes(operator)) fitting.push(operator)
  return fitting.map((value) => ({ value, text: nameOfOperator(value, kind === 'time') }))
}

export function hasValues({ operator }: Condition): boolean {
  return operator !== 'is_present' && operator !== 'is_not_present'
}

const named = ({ id, name }: { id: number; name: string }): Option => ({ value: String(id), text: name })

/** The values that a field can have; undefined if they are entered. */
export function choicesOf(field: FieldName): readonly Option[] | undefined {
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
export function withField(condition: Condition, field: FieldName): Condition {
  const next = { ...condition, field, values: [] }
  const fits = operatorsOf[kindOf(field)].includes(condition.operator)
  return fits ? next : { ...next, operator: operatorsOf[kindOf(field)][0]! }
}

export const newCondition: Condition = { field: 'status', attribute: '', operator: 'equal_to', values: [] }

/** Reads the filter of a view. */
export function groupsOf(filter: View['filter']): Groups {
  const groups: Condition[][] = [[]]
  for (const { attribute_key, filter_operator, values, query_operator } of filter) {
    const isField = Object.hasOwn(t.fields, attribute_key) && attribute_key !== 'attribute'
    groups.at(-1)!.push({
      field: isField ? (attribute_key as FieldName) : 'attribute',
      attribute: isField ? '' : attribute_key,
      operator: filter_operator,
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
      attribute_key: condition.field === 'attribute' ? condition.attribute.trim() : condition.field,
      filter_operator: condition.operator,
      values: hasValues(condition) ? condition.values.filter((value) => value !== '') : [],
      query_operator: index < group.length - 1 ? ('AND' as const) : ('OR' as const),
    })),
  )
  return all.map((selector, index) => ({
    ...selector,
    query_operator: index < all.length - 1 ? selector.query_operator : null,
  }))
}
