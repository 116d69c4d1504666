import type { Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { normalizeEmail } from '../../lib/email.ts'
import type { FieldCode } from '../../lib/error-codes.ts'
import { invalid, notFound, Refusal } from '../../lib/errors.ts'
import { emailForm } from '../../lib/schema.ts'
import { logMessage } from './event.store.ts'
import type { FormField, Message } from './schema.ts'
import { findMessage, type MessageKey, updateMessage } from './store.ts'

/** A contact's answer to an interactive message. */
export interface Submission {
  submitted_values?: { title?: string; name?: string; value: string | boolean }[]
  submitted_email?: string
}

const address = new RegExp(emailForm.pattern)

/**
 * Stores a contact's answer to an interactive message, appends `message_updated`, and returns the JSON of the message.
 * Throws `not_found`, `already_answered` if the message has been answered already, and `invalid` if the answer does not fit the
 * message.
 */
export async function submitAnswer(
  tx: Queries,
  actor: Actor,
  key: MessageKey,
  submission: Submission,
): Promise<string> {
  const message = await findMessage(tx, key)
  if (
    !message ||
    message.deleted_at !== null ||
    message.private === 1 ||
    message.message_type !== 'outgoing'
  ) {
    throw notFound('message')
  }
  const attributes = JSON.parse(message.content_attributes)
  if ('submitted_values' in attributes || 'submitted_email' in attributes) {
    throw new Refusal('already_answered', 'this message has already been answered')
  }
  const { content_type } = JSON.parse(message.document) as Message
  const submitted = validated(content_type, attributes.items, submission)
  await updateMessage(tx, key, {
    content_attributes: JSON.stringify({ ...attributes, ...submitted }),
    updated_at: Math.max(Date.now(), message.created_at),
  })
  return logMessage(tx, actor, key, 'message_updated', { content_attributes: attributes })
}

/** Returns the answer as it is stored: only values that the message asks for. */
function validated(type: Message['content_type'], items: unknown, submission: Submission): Submission {
  const { submitted_values: values, submitted_email: email } = submission
  if (type === 'input_email') {
    if (email === undefined) throw invalid('submitted_email', 'is required', 'required')
    return { submitted_email: normalizeEmail(email) }
  }
  if (type !== 'input_select' && type !== 'form') {
    throw invalid('submitted_values', `cannot be sent for a message of type ${type}`)
  }
  if (values === undefined) throw invalid('submitted_values', 'is required', 'required')
  if (type === 'form') return { submitted_values: formValues(items as FormField[], values) }
  const options = items as { title: string; value: string }[]
  const option = options.find(({ value }) => value === values[0]?.value)
  if (values.length !== 1 || !option)
    throw invalid('submitted_values', 'must be one of the items', 'not_allowed_value')
  return { submitted_values: [{ title: option.title, value: option.value }] }
}

function formValues(fields: FormField[], values: NonNullable<Submission['submitted_values']>) {
  const names = values.map(({ name }) => name)
  for (const [index, name] of names.entries()) {
    const at = `submitted_values[${index}].name`
    if (!fields.some((field) => field.name === name))
      throw invalid(at, 'is not a field of the form', 'not_allowed_value')
    if (names.indexOf(name) !== index) throw invalid(at, 'is listed twice', 'duplicate')
  }
  return fields.flatMap((field): { name: string; value: string | boolean }[] => {
    const { name } = field
    const index = names.indexOf(name)
    const value = values[index]?.value
    if (value === undefined || value === '' || value === false) {
      if (field.required) throw invalid('submitted_values', `must contain a value for ${name}`, 'required')
      return value === undefined ? [] : [{ name, value }]
    }
    const rule = brokenRule(field, value)
    if (rule) throw invalid(`submitted_values[${index}].value`, ...rule)
    return [{ name, value }]
  })
}

function brokenRule(
  { type, options = [] }: FormField,
  value: string | boolean,
): [message: string, code: FieldCode] | undefined {
  if (type === 'checkbox') return value === true ? undefined : ['must be true or false', 'wrong_type']
  if (typeof value !== 'string') return ['must be a string', 'wrong_type']
  if (type === 'email' && !address.test(value)) return ['must look like name@example.com', 'wrong_format']
  if (type === 'select' && !options.some((option) => option.value === value)) {
    return ['must be one of the options', 'not_allowed_value']
  }
  return undefined
}
