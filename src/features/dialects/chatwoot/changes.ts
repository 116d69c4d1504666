/* What has changed in a conversation or contact, as Chatwoot shows it. */

/** An event with the names of the fields that have changed, their previous values, and those of now. */
export interface Change {
  changed: readonly string[]
  before: Record<string, unknown>
  now: Record<string, unknown>
}

type ChangedAttribute = Record<string, { previous_value: unknown; current_value: unknown }>

const asIs = (value: unknown) => value
const idOf = (value: unknown) => (value as { id: number } | null)?.id ?? null
/** The fields with other names, or other values, than in this API. */
const renamed: Record<string, { name: string; toValue?: (value: unknown) => unknown }> = {
  'meta.assignee': { name: 'assignee_id', toValue: idOf },
  'meta.bot': { name: 'assignee_agent_bot_id', toValue: idOf },
  'meta.team': { name: 'team_id', toValue: idOf },
  labels: { name: 'label_list' },
}

/** The `changed_attributes` of a webhook. */
export function changedAttributes({ changed, before, now }: Change): ChangedAttribute[] {
  return changed.map((field) => {
    const { name, toValue = asIs } = renamed[field] ?? { name: field }
    const previous_value = toValue(before[field] ?? null)
    return { [name]: { previous_value, current_value: toValue(valueAt(now, field) ?? null) } }
  })
}

/** The `previous_changes` of an event of `/cable`. */
export function previousChanges({ changed, before, now }: Change): Record<string, [unknown, unknown]> {
  return Object.fromEntries(changed.map((field) => [field, [before[field] ?? null, now[field] ?? null]]))
}

/** The value at a path, such as `meta.assignee`. */
function valueAt(object: Record<string, unknown>, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown>)?.[name], object)
}

const seen = ['agent_last_seen_at', 'contact_last_seen_at', 'unread_count']

/** Whether a change is an update of the conversation in Chatwoot. It is not one if somebody has only seen it. */
export function isUpdate(changed: readonly string[]): boolean {
  return changed.some((field) => !seen.includes(field))
}
