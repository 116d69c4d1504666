import { type TSchema, Type } from 'typebox'
import { invalid } from '../../lib/errors.ts'
import { attributesText } from '../../lib/json.ts'
import { filledText, oneOf } from '../../lib/schema.ts'
import { assertValid, checker } from '../../lib/validate.ts'
import { FormField, type NewMessage } from './schema.ts'

/*
 * What the interactive content types require in `content_attributes`. Clients may add other fields.
 */
const url = Type.String({
  maxLength: 2048,
  pattern: '^https?://\\S+$',
  errorMessage: 'must be an http:// or https:// address',
})
// Customers click on it, so it must not be able to run code, as `javascript:` would.
const uri = Type.String({
  maxLength: 2048,
  pattern: '^(?:https?://|mailto:|tel:)\\S+$',
  errorMessage: 'must be an http:, https:, mailto: or tel: address',
})
const Option = Type.Object({ title: filledText(500), value: filledText(500) })
const Action = Type.Object({
  type: oneOf(['link', 'postback']),
  text: filledText(500),
  uri: Type.Optional(uri),
  payload: Type.Optional(filledText(1000)),
})
const Card = Type.Object({
  title: filledText(500),
  description: Type.Optional(Type.String({ maxLength: 2000 })),
  media_url: Type.Optional(url),
  actions: Type.Optional(Type.Array(Action, { maxItems: 10 })),
})
const Article = Type.Object({
  title: filledText(500),
  description: Type.Optional(Type.String({ maxLength: 2000 })),
  link: url,
})

const items = (item: TSchema) =>
  checker(Type.Object({ items: Type.Array(item, { minItems: 1, maxItems: 100 }) }))
const checks: Partial<Record<NewMessage['content_type'], ReturnType<typeof checker>>> = {
  input_select: items(Option),
  cards: items(Card),
  form: items(FormField),
  article: items(Article),
}

/**
 * Fields of `content_attributes` that only the server sets. With them, a client could forge an answer or a deletion.
 */
const reserved = ['deleted', 'edited_at', 'external_error', 'submitted_email', 'submitted_values']

/** Returns the attributes of a new message as they are stored. Throws `invalid` if they do not fit the content type. */
export function contentAttributesText(message: AttributedContent): string {
  for (const name of reserved) {
    if (Object.hasOwn(message.content_attributes, name))
      throw invalid(`content_attributes.${name}`, 'can be set only by the server: leave it out')
  }
  return importedAttributesText(message)
}

/** Returns attributes of a message without the fields that only the server sets. */
export function withoutServerFields(attributes: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !reserved.includes(name)))
}

type AttributedContent = Pick<NewMessage, 'content_type' | 'content_attributes'>

/** As `contentAttributesText`, for an imported message, which may have been edited or answered already. */
export function importedAttributesText({ content_type, content_attributes }: AttributedContent): string {
  const check = checks[content_type]
  if (check) assertValid(check, content_attributes, 'content_attributes')
  if (content_type === 'form') assertForm(content_attributes.items as FormField[])
  return attributesText('content_attributes', content_attributes)
}

function assertForm(fields: FormField[]): void {
  for (const [index, { name, type, options }] of fields.entries()) {
    const at = `content_attributes.items[${index}]`
    if (fields.findIndex((field) => field.name === name) !== index)
      throw invalid(`${at}.name`, 'is already used by another field', 'duplicate')
    if (type === 'select' && !options?.length)
      throw invalid(`${at}.options`, 'is required for a select', 'required')
  }
}
