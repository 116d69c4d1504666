import { SerializerSelector } from '@fastify/fast-json-stringify-compiler'

type Build = ReturnType<typeof SerializerSelector>

/**
 * Fastify's compiler of response schemas, but each schema is compiled when its first response is sent. Compiling all of
 * them would take most of the time of a start.
 */
export const buildSerializer: Build = (schemas, options) => {
  const compile = SerializerSelector()(schemas, options)
  return (definition) => {
    let serialize: ReturnType<typeof compile> | undefined
    return (value) => {
      serialize ??= compile(definition)
      return serialize(value)
    }
  }
}
