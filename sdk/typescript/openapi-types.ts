/** The parts of an OpenAPI document that become types. */
export interface Document {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
  webhooks: Record<string, { post: Operation }>
}

interface Operation {
  summary?: string
  description?: string
  parameters?: { in: string; name: string; required?: boolean; description?: string; schema: Schema }[]
  requestBody?: { content: Content }
  responses: Record<string, { content?: Content }>
}

type Content = Record<string, { schema?: Schema }>

interface Schema {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  anyOf?: Schema[]
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  contentMediaType?: string
  description?: string
}

/** The calls of a path prefix. Its parameters belong to the client and are no arguments; the longest one counts. */
const groups = [
  { name: 'ContactCalls', prefix: '/public/api/v1/inboxes/{inbox_identifier}/contacts/{source_id}' },
  { name: 'InboxCalls', prefix: '/public/api/v1/inboxes/{inbox_identifier}' },
  { name: 'AccountCalls', prefix: '/api/v1/accounts/{account_id}' },
  { name: 'ServerCalls', prefix: '' },
] as const

interface Call {
  group: (typeof groups)[number]
  key: string
  operation: Operation
}

/**
 * Returns a TypeScript file with an interface for each schema, and for each call of the API the type of its function,
 * under a key such as `GET /labels/{label_id}`. Constants say what each function does with its argument after the ids.
 */
export function generateTypes({ paths, components, webhooks }: Document): string {
  // What providers call, such as mail servers, is not for programs.
  const own = Object.entries(paths).filter(([path]) => !path.startsWith('/channels/'))
  const calls = own.flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Call => {
      const group = groups.find(({ prefix }) => path.startsWith(prefix))!
      return { group, key: `${method.toUpperCase()} ${path.slice(group.prefix.length)}`, operation }
    }),
  )
  const eventsOf = (group: string) => {
    const found = calls.find((call) => call.group.name === group && call.key === 'GET /events')
    return typeOf(property(found!.operation.responses[200]!.content!['application/json']!.schema!).items!)
  }
  const posted = Object.values(webhooks).map(({ post }) =>
    typeOf(post.requestBody!.content['application/json']!.schema!),
  )
  return [
    '// Generated from docs/openapi.json by `npm run openapi`: do not edit.',
    "import type { CallOptions, Inputs, SendOptions, UploadOptions } from './options.ts'",
    ...Object.entries(components.schemas).map(
      ([name, schema]) =>
        `${comment('', schema.description)}export ${declaration(nameOf(name), typeOf(schema))}`,
    ),
    `/** An event of an account, as its stream and its log have it. */\nexport type AccountEvent =${eventsOf('AccountCalls')}`,
    `/** An event as a contact gets it. */\nexport type CustomerEvent =${eventsOf('ContactCalls')}`,
    `/** The body of a request to a webhook. */\nexport type WebhookEvent =${posted.map((type) => `\n  | ${type}`).join('')}`,
    ...groups.flatMap(({ name }) => {
      const own = calls.filter(({ group }) => group.name === name)
      return [callsOf(name, own), inputsOf(name, own)]
    }),
  ]
    .join('\n\n')
    .concat('\n')
}

function property(page: Schema): Schema {
  return page.properties!.payload!
}

function declaration(name: string, type: string): string {
  return type.startsWith('{') ? `interface ${name} ${type}` : `type ${name} = ${type}`
}

/** `Error` is the name of something else in JavaScript. */
function nameOf(schema: string): string {
  return schema === 'Error' ? 'ErrorBody' : schema
}

function typeOf(schema: Schema, indent = ''): string {
  const { $ref, anyOf, items, properties, additionalProperties } = schema
  if ($ref) return nameOf($ref.split('/').at(-1)!)
  if (schema.enum) return schema.enum.map((value) => literal(value)).join(' | ')
  if (anyOf && properties) return `${objectOf(schema, indent)} & (${unionOf(anyOf, indent)})`
  if (anyOf) return unionOf(anyOf, indent)
  if (schema.contentMediaType) return 'Blob'
  const types = [schema.type ?? (properties ? 'object' : [])].flat()
  const one = (type: string) => {
    if (type === 'array') return arrayOf(items ? typeOf(items, indent) : 'unknown')
    if (type === 'integer') return 'number'
    if (type !== 'object') return type
    if (properties) return objectOf(schema, indent)
    const values = typeof additionalProperties === 'object' ? typeOf(additionalProperties, indent) : 'unknown'
    return `Record<string, ${values}>`
  }
  return types.map(one).join(' | ') || 'unknown'
}

function unionOf(schemas: Schema[], indent: string): string {
  const types = schemas.map((one) => typeOf(one, indent))
  return types.length > 4 ? types.map((type) => `\n${indent}  | ${type}`).join('') : types.join(' | ')
}

function literal(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value)
}

function arrayOf(item: string): string {
  return /^\w+$/.test(item) ? `${item}[]` : `Array<${item}>`
}

function objectOf({ properties = {}, required = [] }: Schema, indent: string): string {
  const inner = `${indent}  `
  const lines = Object.entries(properties).map(([name, schema]) => {
    const key = /^\w+$/.test(name) ? name : `'${name}'`
    return `${comment(inner, schema.description)}${inner}${key}${required.includes(name) ? '' : '?'}: ${typeOf(schema, inner)}\n`
  })
  return lines.length === 0 ? 'Record<string, never>' : `{\n${lines.join('')}${indent}}`
}

function comment(indent: string, text: string | undefined): string {
  return text ? `${indent}/** ${text.replaceAll('*/', '* /').replaceAll('\n', ' ')} */\n` : ''
}

function callsOf(name: string, calls: Call[]): string {
  const { prefix } = groups.find((group) => group.name === name)!
  const lines = calls.map(({ key, operation }) => {
    const { summary, description } = operation
    const text = [summary ? `${summary}.` : '', description ?? ''].join(' ').trim()
    return `${comment('  ', text)}  '${key}': ${functionOf(key, operation)}\n`
  })
  return `/** The calls below \`${prefix || '/'}\`. */\nexport interface ${name} {\n${lines.join('')}}`
}

function functionOf(key: string, operation: Operation): string {
  const ids = [...key.matchAll(/\{(\w+)\}/g)].map(([, name]) => `${name}: ${idType(operation, name!)}`)
  const options = takesKey(operation)
    ? 'SendOptions'
    : operation.requestBody?.content['multipart/form-data']
      ? 'UploadOptions'
      : 'CallOptions'
  const parameters = [...ids, ...inputOf(key, operation), `options?: ${options}`]
  return `(${parameters.join(', ')}) => Promise<${resultOf(operation)}>`
}

/** The parameter for the query or the body of a call; for both it is one object with the fields of both. */
function inputOf(key: string, operation: Operation): string[] {
  const query = queryOf(operation)
  const body = bodyOf(operation)
  const queryType = query && typeOf(query, '  ')
  const type = body && queryType ? `(${body}) & ${queryType}` : (body ?? queryType)
  if (!type) return []
  const json = operation.requestBody?.content['application/json']?.schema
  const required = [...(query?.required ?? []), ...(json?.required ?? [])]
  // A change of nothing would be a mistake.
  const isRequired = required.length > 0 || key.startsWith('PATCH')
  const name = body && query ? 'input' : query ? 'query' : 'body'
  return [`${name}${isRequired ? '' : '?'}: ${type}`]
}

function idType({ parameters = [] }: Operation, name: string): string {
  const { schema } = parameters.find((one) => one.in === 'path' && one.name === name)!
  return typeOf(schema)
}

function queryOf({ parameters = [] }: Operation): Schema | undefined {
  const query = parameters.filter((one) => one.in === 'query')
  if (query.length === 0) return undefined
  const properties = query.map(({ name, schema, description }) => [name, { ...schema, description }])
  const required = query.filter((one) => one.required).map(({ name }) => name)
  return { type: 'object', properties: Object.fromEntries(properties), required }
}

/** A body that can be sent as JSON or as a form is a union: with `attachments` it is a form. */
function bodyOf({ requestBody }: Operation): string | undefined {
  if (!requestBody) return undefined
  const { 'application/json': json, 'multipart/form-data': form } = requestBody.content
  const body = json && typeOf(json.schema!, '  ')
  if (!form) return body
  const { 'attachments[]': attachments, ...fields } = form.schema!.properties!
  const properties = { ...fields, attachments: { ...attachments!, description: 'The files.' } }
  const required = [...(form.schema!.required ?? []), 'attachments']
  const formBody = typeOf({ type: 'object', properties, required }, '  ')
  return body ? `${body} | ${formBody}` : formBody
}

function resultOf({ responses }: Operation): string {
  const [, success] = Object.entries(responses).find(([status]) => status.startsWith('2'))!
  if (!success.content) return 'void'
  const schema = success.content['application/json']?.schema
  return schema ? typeOf(schema, '  ') : 'string'
}

function takesKey({ parameters = [] }: Operation): boolean {
  return parameters.some((one) => one.in === 'header' && one.name === 'idempotency-key')
}

function inputsOf(name: string, calls: Call[]): string {
  const lines = calls.flatMap(({ key, operation }) => {
    const input = takesKey(operation) ? 'body and key' : operation.requestBody ? 'body' : 'query'
    const query = Object.keys(queryOf(operation)?.properties ?? {})
    if (query.length === 0) return input === 'query' ? [] : [`  '${key}': '${input}',\n`]
    const names = query.map((name) => literal(name)).join(', ')
    return [`  '${key}': ${input === 'query' ? `'query'` : `[${names}]`},\n`]
  })
  const variable = `${name[0]!.toLowerCase()}${name.slice(1).replace('Calls', 'Inputs')}`
  return `export const ${variable}: Inputs = {\n${lines.join('')}}`
}
