import assert from 'node:assert/strict'
import { Ajv, type ValidateFunction } from 'ajv'
import type { Server } from '../src/http/server.ts'

interface DocumentedOperation {
  method: string
  path: RegExp
  /** Returns the check for a body with this status; undefined if the status is not documented. */
  check: (status: number) => ValidateFunction | undefined
}

const operationsByServer = new WeakMap<object, DocumentedOperation[]>()

/** Asserts that a response has a status and a shape that the OpenAPI document describes for its route. */
export function assertDocumented(
  server: Server,
  method: string,
  url: string,
  response: { status: number; body: unknown },
): void {
  const path = url.split('?')[0]!
  const operation = operationsOf(server).find((one) => one.method === method && one.path.test(path))
  if (!operation) return
  const check = operation.check(response.status)
  assert.ok(check, `${method} ${path} returns ${response.status}, which is not documented`)
  assert.ok(
    check(response.body),
    `${method} ${path} ${response.status} breaks its schema: ${JSON.stringify(check.errors)} in ${JSON.stringify(response.body)?.slice(0, 500)}`,
  )
}

function operationsOf(server: Server): DocumentedOperation[] {
  const cached = operationsByServer.get(server)
  if (cached) return cached
  // biome-ignore lint/suspicious/noExplicitAny: an OpenAPI document is read as a plain tree
  const document = server.swagger() as any
  const ajv = new Ajv({ strict: false })
  ajv.addSchema({ $id: 'doc', ...document })
  // As the router does: a path without parameters, such as `/contacts/export`, comes before one with them.
  const parameters = (template: string) => template.split('{').length
  const paths = Object.entries<object>(document.paths).sort(
    ([one], [other]) => parameters(one) - parameters(other),
  )
  const operations = paths.flatMap(([template, methods]) =>
    Object.entries<{ responses: Record<string, { content?: object }> }>(methods as never).map(
      ([method, { responses }]) => ({
        method: method.toUpperCase(),
        path: new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}/?$`),
        check: (status: number) => {
          const key = [String(status), `${String(status)[0]}XX`].find((one) => one in responses)
          if (!key) return undefined
          const types = Object.keys(responses[key]!.content ?? {})
          const type = types.find((one) => one === 'application/json') ?? types[0]
          if (type === undefined) return ajv.compile({ const: '' })
          const pointer = [template, method, 'responses', key, 'content', type, 'schema']
            .map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')))
            .join('/')
          return ajv.getSchema(`doc#/paths/${pointer}`)
        },
      }),
    ),
  )
  operationsByServer.set(server, operations)
  return operations
}
