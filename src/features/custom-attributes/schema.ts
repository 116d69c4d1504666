import { type Static, Type } from 'typebox'
import { filledText, id, listQuery, named, nullable, oneOf, seconds } from '../../lib/schema.ts'

/** The maximum number of definitions of an account. */
export const mostDefinitions = 500
/** The maximum number of values of a list. */
export const mostValues = 200
/** The maximum length of a text that a pattern is matched with. */
export const longestMatched = 1000

export const attributeModels = ['contact_attribute', 'conversation_attribute'] as const
export type AttributeModel = (typeof attributeModels)[number]

/** What the name of an attribute of the contact begins with in a filter of conversations. */
export const contactPrefix = 'contact.'

export const attributeTypes = [
  'text',
  'number',
  'currency',
  'percent',
  'link',
  'date',
  'list',
  'checkbox',
] as const
export type AttributeType = (typeof attributeTypes)[number]

const model = oneOf([...attributeModels], { description: 'What has the attribute.' })
const displayType = {
  description: `The values that the attribute can have: texts; numbers, of currency and percent, too; addresses of the web; days such as 2026-01-31; one of \`attribute_values\`; or true and false.`,
}
const values = {
  maxItems: mostValues,
  description: 'Of a list: the values that it offers.',
}
const pattern = {
  description:
    'Of a text: a regular expression that its value must match. It must not contain look-ahead or references to groups.',
}
const cue = { description: 'What is said about a value that does not match `regex_pattern`.' }

export const CustomAttributeDefinition = named(
  'CustomAttributeDefinition',
  Type.Object({
    id: id(),
    attribute_model: model,
    attribute_key: Type.String({ description: 'The name in `custom_attributes`.' }),
    attribute_display_name: Type.String({ description: 'What people call it.' }),
    attribute_display_type: oneOf([...attributeTypes], displayType),
    attribute_description: nullable(Type.String()),
    attribute_values: Type.Array(Type.String(), values),
    regex_pattern: nullable(Type.String(pattern)),
    regex_cue: nullable(Type.String(cue)),
    created_at: seconds(),
    updated_at: seconds(),
  }),
)
export type CustomAttributeDefinition = Static<typeof CustomAttributeDefinition>

const attribute_values = Type.Array(filledText(255), values)
const optional = {
  attribute_description: Type.Optional(nullable(filledText(1000))),
  regex_pattern: Type.Optional(nullable(filledText(500, pattern))),
  regex_cue: Type.Optional(nullable(filledText(255, cue))),
}

export const NewCustomAttributeDefinition = Type.Object(
  {
    attribute_model: model,
    attribute_key: Type.String({
      maxLength: 100,
      pattern: '^[^\\s]{1,100}$',
      errorMessage: 'must be 1 to 100 characters without spaces',
      description:
        'The name in `custom_attributes`. Cannot be changed later. Must not be the name of a filter field, and for conversations must not begin with `contact.`',
    }),
    attribute_display_name: filledText(100),
    attribute_display_type: oneOf([...attributeTypes], { ...displayType, default: 'text' }),
    attribute_values: Type.Optional(attribute_values),
    ...optional,
  },
  {
    examples: [
      {
        attribute_model: 'contact_attribute',
        attribute_key: 'plan',
        attribute_display_name: 'Plan',
        attribute_display_type: 'list',
        attribute_values: ['free', 'gold'],
      },
    ],
  },
)
export type NewCustomAttributeDefinition = Static<typeof NewCustomAttributeDefinition>

export const CustomAttributeDefinitionChange = Type.Object(
  {
    attribute_display_name: Type.Optional(filledText(100)),
    attribute_display_type: Type.Optional(oneOf([...attributeTypes], displayType)),
    attribute_values: Type.Optional(attribute_values),
    ...optional,
  },
  { examples: [{ attribute_values: ['free', 'silver', 'gold'] }] },
)
export type CustomAttributeDefinitionChange = Static<typeof CustomAttributeDefinitionChange>

export const CustomAttributeDefinitionQuery = listQuery({ attribute_model: Type.Optional(model) })
export type CustomAttributeDefinitionQuery = Static<typeof CustomAttributeDefinitionQuery>
