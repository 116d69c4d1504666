import type { Queries } from '../../db/database.ts'
import { normalizeEmail } from '../../lib/email.ts'
import { invalid, notFound, Refusal } from '../../lib/errors.ts'
import { emailForm } from '../../lib/schema.ts'
import { logMessage } from './event.store.ts'
import type { FormField, Message } from './schema.ts'
import { findMessage, type Key, updateMessage } from './store.ts'

/** What a contact answers to an interactive message. */
export interface Answer {
  submitted_values?: { title?: string; name?: string; value: string | boolean }[]
  submitted_email?: string
}

const address = new RegExp(emailForm.pattern)

/**
 * Stores a contact's answer to an interactive message, once, and gives the message's JSON; agents hear
 * `message_updated`. Throws `not_found`, `conflict` where it was answered before, `invalid` for what was not asked.
 */
export async function answerMessage(tx: Queries, key: Key, answer: Answer): Promise<string> {
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
    throw new Refusal('conflict', 'this message was answered already')
  }
  const { content_type } = JSON.parse(message.document) as Message
  const given = accepted(content_type, attributes.items, answer)
  await updateMessage(tx, key, {
    content_attributes: JSON.stringify({ ...attributes, ...given }),
    updated_at: Math.max(Date.now(), message.created_at),
  })
  return logMessage(tx, key, 'message_updated')
}

/** The answer as it is stored: nothing in it that was not asked for. */
function accepted(type: Message['content_type'], items: unknown, answer: Answer): Answer {
  const { submitted_values: values, submitted_email: email } = answer
  if (type === 'input_email') {
    if (email === undefined) throw invalid('submitted_email', 'is required')
    return { submitted_email: normalizeEmail(email) }
  }
  if (type !== 'input_select' && type !== 'form') throw invalid('submitted_values', 'were not asked for')
  if (values === undefined) throw invalid('submitted_values', 'is required')
  if (type === 'form') return { submitted_values: filled(items as FormField[], values) }
  const options = items as { title: string; value: string }[]
  const chosen = options.find(({ value }) => value === values[0]?.value)
  if (values.length !== 1 || !chosen) throw invalid('submitted_values', 'must be one of the items')
  return { submitted_values: [{ title: chosen.title, value: chosen.value }] }
}

function filled(fields: FormField[], values: NonNullable<Answer['submitted_values']>) {
  const names = values.map(({ name }) => name)
  for (const [index, name] of names.entries()) {
    const at = `submitted_values[${index}].name`
    if (!fields.some((field) => field.name === name)) throw invalid(at, 'names no field of the form')
    if (names.indexOf(name) !== index) throw invalid(at, 'is there twice')
  }
  return fields.flatMap((field): { name: string; value: string | boolean }[] => {
    const { name } = field
    const index = names.indexOf(name)
    const value = values[index]?.value
    if (value === undefined || value === '' || value === false) {
      if (field.required) throw invalid('submitted_values', `needs a value for ${name}`)
      return value === undefined ? [] : [{ name, value }]
    }
    const broken = ruleBrokenBy(field, value)
    if (broken) throw invalid(`submitted_values[${index}].value`, broken)
    return [{ name, value }]
  })
}

function ruleBrokenBy({ type, options = [] }: FormField, value: string | boolean): string | undefined {
  if (type === 'checkbox') return value === true ? undefined : 'must be true or false'
  if (typeof value !== 'string') return 'must be a string'
  if (type === 'email' && !address.test(value)) return 'must be an e-mail address'
  if (type === 'select' && !options.some((option) => option.value === value)) {
    return 'must be one of the options'
  }
  return undefined
}
