import assert from 'node:assert/strict'
import { Ajv, type ValidateFunction } from 'ajv'
import type { Server } from '../src/http/server.ts'

interface Documented {
  operations: { method: string; path: RegExp; check: (status: number) => ValidateFunction | undefined }[]
}

const documents = new WeakMap<object, Documented>()

/** Asserts that an answer has the status and the shape that the OpenAPI document promises for its route. */
export function assertDocumented(
  server: Server,
  method: string,
  url: string,
  answer: { status: number; body: unknown },
): void {
  const path = url.split('?')[0]!
  const operation = read(server).operations.find((one) => one.method === method && one.path.test(path))
  if (!operation) return
  const check = operation.check(answer.status)
  assert.ok(check, `${method} ${path} answers ${answer.status}, which is not documented`)
  assert.ok(
    check(answer.body),
    `${method} ${path} ${answer.status} breaks its schema: ${JSON.stringify(check.errors)} in ${JSON.stringify(answer.body)?.slice(0, 500)}`,
  )
}

function read(server: Server): Documented {
  const known = documents.get(server)
  if (known) return known
  // biome-ignore lint/suspicious/noExplicitAny: an OpenAPI document is read as the tree it is
  const document = server.swagger() as any
  const ajv = new Ajv({ strict: false })
  ajv.addSchema({ $id: 'doc', ...document })
  const operations = Object.entries<object>(document.paths).flatMap(([template, methods]) =>
    Object.entries<{ responses: Record<string, { content?: object }> }>(methods as never).map(
      ([method, { responses }]) => ({
        method: method.toUpperCase(),
        path: new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}/?$`),
        check: (status: number) => {
          const key = [String(status), `${String(status)[0]}XX`].find((one) => one in responses)
          if (!key) return undefined
          if (!responses[key]!.content) return ajv.compile({ const: '' })
          const pointer = [template, method, 'responses', key, 'content', 'application/json', 'schema']
            .map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')))
            .join('/')
          return ajv.getSchema(`doc#/paths/${pointer}`)
        },
      }),
    ),
  )
  const documented = { operations }
  documents.set(server, documented)
  return documented
}
