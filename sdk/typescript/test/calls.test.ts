import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { type Document, generateTypes } from '../openapi-types.ts'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
const document = JSON.parse(read('../../../docs/openapi.json')) as Document

/** Calls for a browser with the cookie of a session, for monitoring and setup, and those that name in the body what others name in the path. */
const leftOut =
  /^(?:\w+ \/(?:health|api|inbox_members|auth\/.*)|\w+ \/api\/v1\/(?:profile\/sessions|notification_subscriptions).*|PUT \/contacts\/.*)$/

describe('The types of the SDK', () => {
  it('are those of the OpenAPI document', () => {
    assert.equal(read('../src/api.ts'), generateTypes(document), 'run `npm run openapi`')
  })

  it('have a function for each call of the API', () => {
    const used = ['resources', 'customer'].flatMap((name) =>
      [...read(`../src/${name}.ts`).matchAll(/'((?:GET|POST|PATCH|PUT|DELETE) [^']*)'/g)].map(
        ([, key]) => key!,
      ),
    )
    const keys = [...generateTypes(document).matchAll(/^ {2}'(\w+ [^']*)': \(/gm)].map(([, key]) => key!)
    assert.ok(keys.length > 70)
    const missing = keys.filter((key) => !used.includes(key) && !leftOut.test(key))
    assert.deepEqual(missing, [], 'add these calls to src/resources.ts')
  })

  it('describe what is optional, a form with files, a union and a list', () => {
    const schema = {
      type: 'object',
      required: ['a'],
      properties: {
        a: { type: ['string', 'null'] },
        b: { type: 'array', items: { anyOf: [{ $ref: '#/components/schemas/Error' }, { enum: ['x', 1] }] } },
      },
    }
    const content = { 'application/json': { schema } }
    const form = {
      type: 'object',
      required: [],
      properties: { 'attachments[]': { type: 'array', items: {} } },
    }
    const page = { type: 'object', properties: { payload: { type: 'array', items: schema } } }
    const events = { responses: { 200: { content: { 'application/json': { schema: page } } } } }
    const post = {
      parameters: [{ in: 'path', name: 'x_id', schema: { type: 'integer' } }],
      requestBody: { content: { ...content, 'multipart/form-data': { schema: form } } },
      responses: { 201: { content } },
    }
    const limit = { in: 'query', name: 'limit', schema: { type: 'integer' } }
    const both = { parameters: [limit], requestBody: { content }, responses: { 204: {} } }
    const text = generateTypes({
      paths: {
        '/api/v1/accounts/{account_id}/x/{x_id}': { post },
        '/api/v1/accounts/{account_id}/x/filter': { post: both },
        '/api/v1/accounts/{account_id}/events': { get: events },
        '/public/api/v1/inboxes/{inbox_identifier}/contacts/{source_id}/events': { get: events },
      },
      components: { schemas: { Error: schema } },
      webhooks: {},
    } as Document)
    const type = `{ a: string | null b?: Array<ErrorBody | 'x' | 1> }`
    const flat = text.replaceAll(/\s+/g, ' ')
    assert.ok(flat.includes(`export interface ErrorBody ${type}`), flat)
    const body = `${type} | { /** The files. */ attachments: unknown[] }`
    const call = `'POST /x/{x_id}': (x_id: number, body: ${body}, options?: UploadOptions) => Promise<${type}>`
    assert.ok(flat.includes(call), flat)
    const filter = `'POST /x/filter': (input: (${type}) & { limit?: number }, options?: CallOptions) => Promise<void>`
    assert.ok(flat.includes(filter), flat)
    const inputs = `{ 'POST /x/{x_id}': 'body', 'POST /x/filter': ['limit'], }`
    assert.ok(flat.includes(`export const accountInputs: Inputs = ${inputs}`), flat)
  })
})
