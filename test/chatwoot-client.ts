import assert from 'node:assert/strict'
import type { FastifyInstance, RouteOptions } from 'fastify'
import type { Overrides } from '../src/app.ts'
import { basePath } from '../src/features/dialects/chatwoot/base-path.ts'
import { features } from '../src/features.ts'
import type { Feature } from '../src/http/feature.ts'
import type { ApiRequest, ApiResponse, TestApp } from './app.ts'

export const account = '/api/v1/accounts/1'

/** Calls the API of Chatwoot, as the administrator by default: `call('GET', '/api')`. */
export type ChatwootCall = (
  method: string,
  path: string,
  body?: unknown,
  request?: Pick<ApiRequest, 'headers' | 'token'>,
) => Promise<ApiResponse>

/** Returns a client of the API of Chatwoot. Its responses are not in the OpenAPI document. */
export function chatwootClient(test: TestApp): ChatwootCall {
  return async (method, path, body, { token = test.token, headers = {} } = {}) => {
    const isRaw = body instanceof FormData || body instanceof URLSearchParams || typeof body === 'string'
    const response = await fetch(test.app.url + basePath + path, {
      method,
      headers: {
        ...(token === null ? {} : { api_access_token: token }),
        ...(body === undefined || isRaw ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isRaw ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = text !== '' && response.headers.get('content-type')?.startsWith('application/json')
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
  }
}

/** Returns the body of a successful response. */
export async function succeeded(response: Promise<ApiResponse>): Promise<ApiResponse['body']> {
  const { status, body } = await response
  assert.equal(status, 200, JSON.stringify(body))
  return body
}

/** Features that collect the routes of a server: those of the main API and of Chatwoot. */
export function collectRoutes(): { routes: RouteOptions[]; overrides: Overrides } {
  const routes: RouteOptions[] = []
  const collect = (app: unknown) => {
    ;(app as FastifyInstance).addHook('onRoute', (route) => void routes.push({ ...route }))
  }
  const collector: Feature = { name: 'collector', routes: collect, accountRoutes: collect }
  return { routes, overrides: { features: [collector, ...features] } }
}

/** Creates a contact with a conversation in the first inbox. */
export async function startChatwootConversation(call: ChatwootCall, fields: object = {}) {
  const { payload } = await succeeded(
    call('POST', `${account}/contacts`, { name: 'Jane Doe', inbox_id: 1, ...fields }),
  )
  const { contact, contact_inbox } = payload
  const { source_id } = contact_inbox
  const place = { inbox_id: 1, contact_id: contact.id, source_id }
  const conversation = await succeeded(call('POST', `${account}/conversations`, place))
  return { contact, source_id, conversation, path: `${account}/conversations/${conversation.id}` }
}
