import { type Static, Type } from 'typebox'
import { id, named, nullable, oneOf } from '../../lib/schema.ts'

export const Inbox = named(
  'Inbox',
  Type.Object({
    id: id(),
    name: Type.String(),
    channel_type: oneOf(['api', 'web_widget']),
    inbox_identifier: Type.String({ description: 'Names the inbox to the customer side.' }),
    webhook_url: nullable(Type.String()),
    greeting_message: nullable(Type.String()),
  }),
)
export type Inbox = Static<typeof Inbox>
