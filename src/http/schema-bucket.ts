interface Bucket {
  add(schema: { $id: string }): void
  getSchema(id: string): unknown
  getSchemas(): Record<string, unknown>
}

/**
 * Returns the option `bucket` of Fastify's schema controller, with which all plugins share their schemas. By default each
 * plugin copies those of its parent, 2 MB in all. A name means one schema in the whole server, as in the OpenAPI document.
 */
export function sharedSchemas(): () => Bucket {
  const schemas: Record<string, unknown> = {}
  const bucket: Bucket = {
    add(schema) {
      schemas[schema.$id] ??= schema
      if (schemas[schema.$id] !== schema) throw new Error(`There are two schemas named ${schema.$id}.`)
    },
    getSchema: (id) => schemas[id],
    getSchemas: () => schemas,
  }
  return () => bucket
}
