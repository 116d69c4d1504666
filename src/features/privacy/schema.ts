import { type Static, Type } from 'typebox'
import { id, named, ref } from '../../lib/schema.ts'
import { Contact } from '../contacts/schema.ts'
import { Conversation } from '../conversations/schema.ts'
import { Message } from '../messages/schema.ts'
import { Visit } from '../visits/schema.ts'

export const ContactMerge = Type.Object({
  base_contact_id: id('The contact that stays and gets the data of the other one.'),
  mergee_contact_id: id('The contact that is deleted.'),
})
export type ContactMerge = Static<typeof ContactMerge>

export const ContactConversations = Type.Object({
  payload: Type.Array(ref(Conversation)),
  meta: Type.Object({ count: Type.Integer(), current_page: Type.Integer(), total_pages: Type.Integer() }),
})

export const ContactExport = named(
  'ContactExport',
  Type.Object({
    contact: ref(Contact),
    visits: Type.Array(ref(Visit)),
    conversations: Type.Array(
      Type.Object({
        conversation: ref(Conversation),
        messages: Type.Array(ref(Message), { description: 'Oldest first, without private notes.' }),
      }),
    ),
  }),
)
