import { defaultContactName } from '../contacts/service.ts'

/** What variables stand for in one conversation. */
export interface VariableValues {
  contact: {
    name: string
    email: string | null
    phone_number: string | null
    custom_attributes: Record<string, unknown>
  }
  agent: { name: string }
  account: { name: string }
  inbox: { name: string }
  conversation: { id: number; custom_attributes: Record<string, unknown> }
}

type Value = (values: VariableValues) => unknown

const firstWord = (text: string) => text.trim().split(/\s/, 1)[0]
// A visitor without a name is not called "Visitor": the fallback says how to address them.
const contactName: Value = ({ contact }) => (contact.name === defaultContactName ? null : contact.name)

/** Every variable, except for the custom attributes. */
const variables: Record<string, Value> = {
  'contact.name': contactName,
  'contact.first_name': (values) => firstWord(String(contactName(values) ?? '')),
  'contact.email': ({ contact }) => contact.email,
  'contact.phone_number': ({ contact }) => contact.phone_number,
  'agent.name': ({ agent }) => agent.name,
  'agent.first_name': ({ agent }) => firstWord(agent.name),
  'account.name': ({ account }) => account.name,
  'inbox.name': ({ inbox }) => inbox.name,
  'conversation.id': ({ conversation }) => conversation.id,
}

// Characters. A text could otherwise name a large attribute thousands of times.
const longestValue = 1000

// Bounded, so that a text full of opening braces takes no longer than any other.
const variablePattern = /\{\{([^{}\n]{1,300})\}\}/g
const attributePattern = /^(contact|conversation)\.custom_attributes\.(.+)$/

/** Whether a text may contain variables. */
export function hasVariables(text: string): boolean {
  return text.includes('{{')
}

/**
 * Replaces each `{{variable | fallback}}` by its value, or by the fallback if there is no value. What is not a variable stays
 * as it is written. Values are not searched for variables: customers choose their names.
 */
export function fillIn(text: string, values: VariableValues): string {
  return text.replace(variablePattern, (whole, inside: string) => {
    const bar = inside.indexOf('|')
    const name = (bar < 0 ? inside : inside.slice(0, bar)).trim()
    const value = variableOf(name)
    if (!value) return whole
    const fallback = bar < 0 ? '' : inside.slice(bar + 1).trim()
    return textOf(value(values)) || fallback
  })
}

function variableOf(name: string): Value | undefined {
  if (Object.hasOwn(variables, name)) return variables[name]
  const [, owner, key] = attributePattern.exec(name) ?? []
  if (!owner) return undefined
  return (values) => {
    const attributes = values[owner as 'contact' | 'conversation'].custom_attributes
    return Object.hasOwn(attributes, key!) ? attributes[key!] : undefined
  }
}

function textOf(value: unknown): string {
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value).slice(0, longestValue) : ''
}
