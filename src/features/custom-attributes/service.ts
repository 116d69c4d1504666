import type { Database, Queries } from '../../db/database.ts'
import { nextId } from '../../db/ids.ts'
import type { Actor } from '../../lib/actor.ts'
import { invalid, notFound, Refusal } from '../../lib/errors.ts'
import { LinearPattern } from '../../lib/patterns/linear-pattern.ts'
import { PatternError } from '../../lib/patterns/syntax.ts'
import { definitionEvents } from './events.ts'
import {
  type AttributeModel,
  type CustomAttributeDefinition,
  type CustomAttributeDefinitionChange,
  type CustomAttributeDefinitionQuery,
  contactPrefix,
  mostDefinitions,
  type NewCustomAttributeDefinition,
} from './schema.ts'
import * as store from './store.ts'
import type { Definitions } from './validation.ts'

/** The fields that filters know: an attribute with such a key could not be found by it. */
export const reservedKeys: Record<AttributeModel, readonly string[]> = {
  contact_attribute: [
    ...['name', 'email', 'phone_number', 'identifier', 'blocked', 'labels', 'country_code', 'city'],
    ...['company_id', 'company_name', 'created_at', 'last_activity_at'],
    // What contacts say about themselves.
    ...['claimed_email', 'claimed_phone_number', 'claimed_identifier'],
  ],
  conversation_attribute: [
    ...['status', 'priority', 'assignee_id', 'inbox_id', 'team_id', 'contact_id', 'display_id', 'labels'],
    ...['company_id', 'browser_language', 'referer', 'created_at', 'last_activity_at'],
  ],
}

/** Returns the account's definitions, in the order of their names. */
export function listDefinitions(
  queries: Queries,
  { accountId }: Pick<Actor, 'accountId'>,
  { attribute_model }: CustomAttributeDefinitionQuery = {},
): Promise<CustomAttributeDefinition[]> {
  return store.selectDefinitions(queries, accountId, attribute_model)
}

/** The account's definitions of the attributes of contacts or of conversations, by key. */
export async function definitionsOf(
  queries: Queries,
  accountId: number,
  model: AttributeModel,
): Promise<Definitions> {
  const all = await store.selectDefinitions(queries, accountId, model)
  return new Map(all.map((one) => [one.attribute_key, one]))
}

/** Returns one definition. Throws `not_found`. */
export async function getDefinition(
  queries: Queries,
  { accountId }: Actor,
  id: number,
): Promise<CustomAttributeDefinition> {
  const definition = await store.findDefinition(queries, accountId, id)
  if (!definition) throw notFound('custom attribute definition')
  return definition
}

/**
 * Creates a definition. Values that are stored already stay as they are. Throws `invalid` for a key that is used or reserved,
 * a list without values and a pattern that cannot be matched in linear time, and `limit_reached`.
 */
export function createDefinition(
  database: Database,
  actor: Actor,
  input: NewCustomAttributeDefinition,
): Promise<CustomAttributeDefinition> {
  const { accountId } = actor
  const { attribute_model, attribute_key, attribute_display_name, attribute_display_type } = input
  const isOfContact = attribute_model === 'conversation_attribute' && attribute_key.startsWith(contactPrefix)
  if (isOfContact || reservedKeys[attribute_model].includes(attribute_key))
    throw invalid('attribute_key', 'is the name of a field: choose another one')
  const rules = rulesOf({ ...nothing, ...input })
  return database.transaction(accountId, async (tx) => {
    const [other] = await store.selectDefinitionsOf(tx, accountId, attribute_model, [attribute_key])
    if (other) throw invalid('attribute_key', `is already used by definition ${other.id}`, 'taken')
    if ((await store.countDefinitions(tx, accountId)) >= mostDefinitions)
      throw new Refusal('limit_reached', `there are ${mostDefinitions} definitions already: delete one first`)
    const id = await nextId(tx, accountId, 'custom_attribute_definitions')
    const now = Date.now()
    await store.insertDefinition(tx, {
      ...{ account_id: accountId, id, attribute_model, attribute_key, attribute_display_name },
      ...{ attribute_display_type, attribute_description: input.attribute_description ?? null },
      ...{ ...rules, created_at: now, updated_at: now },
    })
    const definition = await getDefinition(tx, actor, id)
    await definitionEvents.created(tx, actor, definition)
    return definition
  })
}

/** Changes a definition. Throws `not_found`, and as `createDefinition` does. */
export function changeDefinition(
  database: Database,
  actor: Actor,
  id: number,
  change: CustomAttributeDefinitionChange,
): Promise<CustomAttributeDefinition> {
  const { accountId } = actor
  return database.transaction(accountId, async (tx) => {
    const before = await getDefinition(tx, actor, id)
    const { attribute_display_name, attribute_display_type, attribute_description, ...rules } = {
      ...before,
      ...change,
    }
    await store.updateDefinition(tx, accountId, id, {
      ...{ attribute_display_name, attribute_display_type, attribute_description },
      ...{ ...rulesOf({ ...rules, attribute_display_type }), updated_at: Date.now() },
    })
    const after = await getDefinition(tx, actor, id)
    await definitionEvents.updated(tx, actor, before, after)
    return after
  })
}

/** Deletes a definition. The values of the attribute stay. Throws `not_found`. */
export function removeDefinition(database: Database, actor: Actor, id: number): Promise<void> {
  return database.transaction(actor.accountId, async (tx) => {
    const definition = await getDefinition(tx, actor, id)
    await store.deleteDefinition(tx, actor.accountId, id)
    await definitionEvents.deleted(tx, actor, definition)
  })
}

type Rules = Pick<
  CustomAttributeDefinition,
  'attribute_display_type' | 'attribute_values' | 'regex_pattern' | 'regex_cue'
>
const nothing = { attribute_values: [], regex_pattern: null, regex_cue: null }

/** The columns with what values must be; other types than a list and a text have none. Throws `invalid`. */
function rulesOf({ attribute_display_type: type, attribute_values, regex_pattern, regex_cue }: Rules) {
  const values = type === 'list' ? attribute_values.map((value) => value.trim()) : []
  if (type === 'list' && values.length === 0)
    throw invalid('attribute_values', 'is required for a list', 'required')
  const twice = values.find((value, index) => values.indexOf(value) !== index)
  if (twice !== undefined) throw invalid('attribute_values', `has "${twice}" twice`, 'duplicate')
  const pattern = type === 'text' ? regex_pattern : null
  if (pattern !== null) assertPattern(pattern)
  return {
    attribute_values: JSON.stringify(values),
    regex_pattern: pattern,
    regex_cue: pattern === null ? null : regex_cue,
  }
}

function assertPattern(pattern: string): void {
  try {
    new LinearPattern(pattern)
  } catch (error) {
    if (!(error instanceof PatternError)) throw error
    throw invalid('regex_pattern', error.message, 'wrong_format')
  }
}
