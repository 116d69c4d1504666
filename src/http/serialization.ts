import { SerializerSelector } from '@fastify/fast-json-stringify-compiler'

type Build = ReturnType<typeof SerializerSelector>

/**
 * Fastify's own compiler of the schemas of answers, which does its work when the first answer of a kind is sent: that of
 * all routes together would be most of the time that a start takes.
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
