import { randomUUID } from 'node:crypto'
import { Type } from 'typebox'
import type { Context } from '../../../http/feature.ts'
import type { Server } from '../../../http/server.ts'
import type { Actor } from '../../../lib/actor.ts'
import { id, nullable } from '../../../lib/schema.ts'
import { addContactInbox, changeContact } from '../../contacts/change.ts'
import { listContactableInboxes } from '../../contacts/contactable.ts'
import { setContactLabels } from '../../contacts/labels.ts'
import {
  type Contact,
  ContactChange,
  type ContactInbox,
  ContactLabelling,
  NewContact,
  NewContactInbox,
} from '../../contacts/schema.ts'
import { createContact, getContact } from '../../contacts/service.ts'
import { FilterBody } from '../../filters/schema.ts'
import { ensureLabels } from '../../labels/service.ts'
import { eraseContact } from '../../privacy/erase.ts'
import { mergeContacts } from '../../privacy/merge.ts'
import { ContactMerge } from '../../privacy/schema.ts'
import { listContactConversations } from '../../privacy/service.ts'
import { contactPage, contactSearch, filteredPage, showContacts } from './contact-list.ts'
import { conversationsJson } from './conversations.ts'
import { filterBody } from './filter-parameters.ts'
import { labelTitles } from './label-parameters.ts'
import { slimInbox } from './objects/inbox.ts'
import { type Parameters, parametersOf } from './parameters.ts'
import { selectByIds } from './related.store.ts'
import { accountPath, reading, sendJson } from './scope.ts'

const account = Type.Object({ account_id: id() })
const params = Type.Object({ account_id: id(), contact_id: id() })
const base = `${accountPath}/contacts`
const path = `${base}/:contact_id`
// Chatwoot shows so many conversations of a contact.
const conversationsOfContact = 20

const Creation = Type.Object({
  ...NewContact.properties,
  source_id: NewContactInbox.properties.source_id,
  blocked: ContactChange.properties.blocked,
})

export function contactRoutes(app: Server, context: Context): void {
  const { database } = context
  const { read, longReads } = database

  app.get(base, { schema: { params: account } }, (request) =>
    contactPage(longReads, request.actor, parametersOf(request)),
  )
  app.get(`${base}/search`, { schema: { params: account } }, (request) =>
    contactSearch(longReads, request.actor, parametersOf(request)),
  )
  app.post(
    `${base}/filter`,
    { schema: { params: account, body: FilterBody }, config: { readsOnly: true }, ...reading(filterBody) },
    (request) => filteredPage(longReads, request.actor, request.body, parametersOf(request)),
  )

  const created = reading((parameters) => ({
    ...fieldsOf(parameters, 'new'),
    inbox_id: parameters.number('inbox_id'),
    source_id: parameters.text('source_id'),
    blocked: parameters.flag('blocked'),
  }))
  app.post(
    base,
    { schema: { params: account, body: Creation }, ...created },
    async ({ actor, body: { blocked, source_id, ...input } }) => {
      // A name, which is shown again. A secret, which the main API would create, opens the contact's conversations.
      const name = input.inbox_id ? { source_id: source_id ?? randomUUID() } : {}
      const contact = await createContact(database, actor, { ...input, ...name })
      const shown = blocked ? await changeContact(database, actor, contact.id, { blocked }) : contact
      return { payload: await showNew(actor, shown, input.inbox_id ?? undefined) }
    },
  )

  async function showNew(actor: Actor, contact: Contact, inboxId?: number) {
    const [shown] = await showContacts(read, actor, [contact])
    const own = shown?.contact_inboxes?.find(({ inbox }) => inbox.id === inboxId)
    return { contact: shown, contact_inbox: own ?? { inbox: null, source_id: null } }
  }

  app.get(path, { schema: { params } }, async ({ actor, params }) =>
    showOne(actor, getContact(read, actor, params.contact_id)),
  )
  app.route({
    method: ['PUT', 'PATCH'],
    url: path,
    schema: { params, body: ContactChange },
    ...reading((parameters) => ({
      ...fieldsOf(parameters, 'change'),
      blocked: parameters.flag('blocked'),
    })),
    handler: async ({ actor, params, body }) =>
      showOne(actor, changeContact(database, actor, params.contact_id, body)),
  })

  async function showOne(actor: Actor, contact: Promise<Contact>) {
    return { payload: (await showContacts(read, actor, [await contact]))[0] }
  }

  const config = { administrator: true }
  app.delete(path, { schema: { params }, config }, async ({ actor, params }, reply) => {
    await eraseContact(database, actor, params.contact_id)
    return reply.send()
  })

  app.post(
    `${accountPath}/actions/contact_merge`,
    {
      schema: { params: account, body: ContactMerge },
      ...reading((parameters) => ({
        base_contact_id: parameters.number('base_contact_id'),
        mergee_contact_id: parameters.number('mergee_contact_id'),
      })),
    },
    async ({ actor, body }) =>
      (await showContacts(read, actor, [await mergeContacts(database, actor, body)]))[0],
  )
  relatedRoutes(app, context)
}

/** The fields that a new contact and a change have in common. */
function fieldsOf(parameters: Parameters, purpose: 'new' | 'change'): object {
  const text = (name: string) =>
    purpose === 'new' ? parameters.text(name) : parameters.cleared(name, parameters.text)
  return {
    name: text('name'),
    email: text('email'),
    phone_number: text('phone_number'),
    identifier: text('identifier'),
    avatar_url: text('avatar_url'),
    custom_attributes: parameters.object('custom_attributes'),
    additional_attributes: parameters.object('additional_attributes'),
  }
}

/** What belongs to a contact: conversations, inboxes and labels. */
function relatedRoutes(app: Server, { database }: Context): void {
  const { read, longReads } = database

  app.get(`${path}/conversations`, { schema: { params } }, async ({ actor, params }, reply) => {
    const { payload } = await listContactConversations(longReads, actor, params.contact_id, 1)
    const some = payload.slice(0, conversationsOfContact)
    return sendJson(reply, `{"payload":${await conversationsJson(read, actor, some)}}`)
  })

  async function showInboxes({ accountId }: Actor, contactInboxes: ContactInbox[]) {
    const ids = contactInboxes.map(({ inbox }) => inbox.id)
    const inboxes = await selectByIds(read, 'inboxes', accountId, ids)
    return contactInboxes.flatMap(({ source_id, inbox }) => {
      const row = inboxes.get(inbox.id)
      return row ? [{ source_id, inbox: slimInbox(row) }] : []
    })
  }

  app.get(`${path}/contactable_inboxes`, { schema: { params } }, async ({ actor, params }) => ({
    payload: await showInboxes(actor, await listContactableInboxes(read, actor, params.contact_id)),
  }))

  const Addition = Type.Object({
    inbox_id: id(),
    source_id: Type.Optional(nullable(Type.String({ maxLength: 255 }))),
  })
  app.post(
    `${path}/contact_inboxes`,
    {
      schema: { params, body: Addition },
      ...reading((parameters) => ({
        inbox_id: parameters.number('inbox_id'),
        source_id: parameters.text('source_id'),
      })),
    },
    async ({ actor, params, body }) => {
      const { contact_id } = params
      const { contact_inboxes = [] } = await getContact(read, actor, contact_id)
      const known = contact_inboxes.find(({ inbox }) => inbox.id === body.inbox_id)?.source_id
      const input = { ...body, source_id: body.source_id ?? known ?? randomUUID() }
      const { contactInbox } = await addContactInbox(database, actor, contact_id, input)
      return (await showInboxes(actor, [contactInbox]))[0]
    },
  )

  app.get(`${path}/labels`, { schema: { params } }, async ({ actor, params }) => ({
    payload: (await getContact(read, actor, params.contact_id)).labels,
  }))
  app.post(
    `${path}/labels`,
    { schema: { params, body: ContactLabelling }, ...reading(labelTitles) },
    async ({ actor, params, body }) => {
      await getContact(read, actor, params.contact_id)
      await ensureLabels(database, actor, body.labels)
      return { payload: (await setContactLabels(database, actor, params.contact_id, body.labels)).labels }
    },
  )
}
