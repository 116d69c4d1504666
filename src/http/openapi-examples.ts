/** A schema in the document, or anything else of it. */
interface Part {
  type?: string | string[]
  properties?: Record<string, Part>
  enum?: unknown[]
  default?: unknown
  examples?: unknown[]
  $ref?: string
}

// A time in the future for a long time, and one in the past.
const later = 4_102_444_800
const earlier = 1_767_225_600

/** Plausible values of fields and parameters by their name. Without them, tools invent some from the pattern. */
const examples: Record<string, unknown> = {
  allowed_origins: ['https://shop.example.com'],
  avatar_url: 'https://crm.example.com/people/42.png',
  color: '#1F93FF',
  content: 'Your order shipped today.',
  content_attributes: {},
  created_at: earlier,
  current_password: 'correct horse battery',
  custom_attributes: { plan: 'gold' },
  description: 'Parcels that are on their way for too long',
  echo_id: 'a3f1c2d4',
  email: 'ada@example.com',
  expires_at: later,
  external_error: 'The mailbox is full.',
  greeting_message: 'Hello! How can we help?',
  identifier: 'crm-1042',
  labels: ['late-delivery'],
  last_activity_at: earlier,
  password: 'a long and secret sentence',
  phone_number: '+14155552671',
  q: 'invoice',
  reason: 'The order has not been paid yet.',
  source_id: 'customer-42',
  submitted_email: 'ada@example.com',
  subscriptions: ['message_created'],
  title: 'late-delivery',
  updated_at: earlier,
  url: 'https://example.com/ndoto',
  user_ids: [1],
  webhook_url: 'https://example.com/ndoto',
  outgoing_url: 'https://example.com/ndoto',
  website_url: 'https://shop.example.com',
}

/** The names of things by the first tag of the calls for them, or by their schema. */
const names: Record<string, string> = {
  Account: 'Acme',
  AccessToken: 'Order system',
  Inboxes: 'Support',
  Inbox: 'Support',
  ClientInbox: 'Support',
  Label: 'late-delivery',
  Teams: 'Night shift',
  Team: 'Night shift',
  Webhooks: 'CRM',
  Webhook: 'CRM',
  WebhookWithSecret: 'CRM',
}
const nameOfPerson = 'Ada Lovelace'

/** Adds examples to the fields and parameters of an OpenAPI document that have neither an example, a default nor an enum. */
// biome-ignore lint/suspicious/noExplicitAny: an OpenAPI document is changed as a plain tree
export function addExamples(document: any): void {
  for (const [schema, part] of Object.entries(document.components?.schemas ?? {})) fill(part, schema)
  for (const operations of Object.values<Record<string, { tags?: string[] }>>(document.paths ?? {})) {
    for (const operation of Object.values(operations)) fill(operation, operation.tags?.[0])
  }
}

function fill(part: unknown, kind: string | undefined): void {
  if (typeof part !== 'object' || part === null) return
  const { properties, name, schema } = part as Part & { name?: unknown; schema?: Part }
  // A parameter.
  if (typeof name === 'string' && schema) setExample(schema, name, kind)
  if (properties) for (const [field, one] of Object.entries(properties)) setExample(one, field, kind)
  for (const inner of Object.values(part)) fill(inner, kind)
}

function setExample(schema: Part, field: string, kind: string | undefined): void {
  if (schema.examples || schema.enum || schema.$ref || 'default' in schema || !schema.type) return
  const example = field === 'name' ? (names[kind ?? ''] ?? nameOfPerson) : examples[field]
  if (example !== undefined && isOfType(example, schema.type)) schema.examples = [example]
}

function isOfType(value: unknown, types: string | string[]): boolean {
  const own = Array.isArray(value) ? 'array' : typeof value === 'number' ? 'integer' : typeof value
  return [types].flat().some((type) => type === own || (type === 'number' && own === 'integer'))
}
