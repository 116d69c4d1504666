import type { Queries } from '../../db/database.ts'
import type { FilterKey, Selector } from '../filters/schema.ts'
import {
  type AttributeModel,
  type AttributeType,
  type CustomAttributeDefinition,
  contactPrefix,
} from './schema.ts'
import { selectDefinitionsOf } from './store.ts'

type Keys = Readonly<Record<string, FilterKey>>

const valuesOf: Record<AttributeType, NonNullable<FilterKey['values']>> = {
  text: 'text',
  number: 'number',
  currency: 'number',
  percent: 'number',
  link: 'text',
  date: 'date',
  list: 'word',
  checkbox: 'boolean',
}

/**
 * The fields of a filter of contacts or conversations, and the attributes that its selectors name: those of a contact, and
 * the others that have a definition, with its type.
 */
export async function withAttributes(
  queries: Queries,
  accountId: number,
  model: AttributeModel,
  fields: Keys,
  selectors: readonly Selector[],
): Promise<Keys> {
  const names = new Set(selectors.map(({ attribute_key }) => attribute_key))
  const others = [...names].filter((name) => !Object.hasOwn(fields, name))
  const typesOf = async (of: AttributeModel, keys: string[]) => {
    const found = keys.length === 0 ? [] : await selectDefinitionsOf(queries, accountId, of, keys)
    return new Map(found.map((one) => [one.attribute_key, typeOf(one)]))
  }
  const ownTypes = await typesOf(model, others)
  // Conversations may have an attribute that was defined with such a name before the prefix had a meaning.
  const isOfContact = (name: string) =>
    model === 'conversation_attribute' && name.startsWith(contactPrefix) && !ownTypes.has(name)
  const ofContact = others.filter(isOfContact)
  const contactTypes = await typesOf('contact_attribute', ofContact.map(keyOf))
  const ownKeys = [...ownTypes].map(([name, type]): [string, FilterKey] => [
    name,
    { type: 'attribute', column: 'custom_attributes', ...type },
  ])
  const contactKeys = ofContact.map((name): [string, FilterKey] => [
    name,
    {
      ...{
        type: 'attribute',
        column: 'contact_id',
        computed: 'attributes_of_contact',
        attribute: keyOf(name),
      },
      ...contactTypes.get(keyOf(name)),
    },
  ])
  return { ...Object.fromEntries([...ownKeys, ...contactKeys]), ...fields }
}

function keyOf(name: string): string {
  return name.slice(contactPrefix.length)
}

function typeOf({ attribute_display_type: type, attribute_values: words }: CustomAttributeDefinition) {
  return { values: valuesOf[type], words }
}
