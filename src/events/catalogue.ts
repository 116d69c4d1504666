import { type TObject, type TProperties, Type } from 'typebox'
import { named } from '../lib/schema.ts'

/** A kind of event: its name, when it happens, and its schema. */
export interface EventType<Name extends string = string, Properties extends TProperties = TProperties> {
  name: Name
  description: string
  schema: TObject<Properties> & { $id: string }
}

/** Declares a kind of event. `properties` are its fields in addition to `event`, its name. */
export function eventType<const Name extends string, Properties extends TProperties>(
  name: Name,
  description: string,
  properties: Properties,
): EventType<Name, Properties & { event: ReturnType<typeof Type.Literal<Name>> }> {
  const title = name.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase())
  const schema = Type.Object({ event: Type.Literal(name), ...properties }, { description })
  return { name, description, schema: named(`${title}Event`, schema) as never }
}
