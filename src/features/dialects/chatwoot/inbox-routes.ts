import { Type } from 'typebox'
import type { Database } from '../../../db/database.ts'
import type { Context } from '../../../http/feature.ts'
import type { Server } from '../../../http/server.ts'
import type { Actor } from '../../../lib/actor.ts'
import { id } from '../../../lib/schema.ts'
import { channels } from '../../inboxes/channels.ts'
import { addMembers, assertInbox, listMembers, removeMembers, setMembers } from '../../inboxes/members.ts'
import {
  AllUsers,
  type Inbox,
  type InboxChange,
  inboxChangeSchema,
  newInboxSchema,
} from '../../inboxes/schema.ts'
import { listInboxes } from '../../inboxes/service.ts'
import { addInbox, changeInbox, getInbox, removeInbox } from '../../inboxes/settings.ts'
import { setInboxWebhookFormat } from '../../webhooks/service.ts'
import { showMembers } from './members.ts'
import { toInbox } from './objects/full-inbox.ts'
import type { Parameters } from './parameters.ts'
import { accountPath, defined, reading } from './scope.ts'

const account = Type.Object({ account_id: id() })
const params = Type.Object({ account_id: id(), inbox_id: id() })
const config = { administrator: true }
const base = `${accountPath}/inboxes`
const path = `${base}/:inbox_id`

export function inboxRoutes(app: Server, context: Context): void {
  const { database } = context
  const { read } = database
  const { all } = channels.of(context)
  const { publicUrl } = context.config

  app.get(base, { schema: { params: account } }, async ({ actor }) => ({
    payload: (await listInboxes(read, actor)).map((inbox) => toInbox(inbox, publicUrl)),
  }))
  app.get(path, { schema: { params } }, async ({ actor, params }) =>
    toInbox(await getInbox(read, actor, params.inbox_id), publicUrl),
  )
  app.post(
    base,
    {
      schema: { params: account, body: newInboxSchema(all) },
      config,
      ...reading((parameters) => ({
        name: parameters.text('name'),
        greeting_message: greetingOf(parameters),
        channel: { type: parameters.inside('channel')?.text('type'), ...channelOf(parameters) },
      })),
    },
    async ({ actor, body }) => {
      const inbox = await addInbox(database, actor, body)
      await writeAsChatwoot(database, inbox, actor, body)
      return toInbox(inbox, publicUrl)
    },
  )
  app.route({
    method: ['PATCH', 'PUT'],
    url: path,
    schema: { params, body: inboxChangeSchema(all) },
    config,
    ...reading((parameters) => {
      const channel = channelOf(parameters)
      const hasChannel = Object.keys(channel).length > 0
      const name = parameters.text('name')
      return { name, greeting_message: greetingOf(parameters), channel: hasChannel ? channel : undefined }
    }),
    async handler({ actor, params, body }) {
      const inbox = await changeInbox(database, actor, params.inbox_id, body)
      await writeAsChatwoot(database, inbox, actor, body)
      return toInbox(inbox, publicUrl)
    },
  })
  app.delete(path, { schema: { params }, config }, async ({ actor, params }) => {
    // There, an inbox is always deleted with its conversations.
    await removeInbox(database, actor, params.inbox_id, true)
    return { message: 'Your inbox deletion request will be processed in some time.' }
  })
  memberRoutes(app, context)
}

/** Sets the format of the webhook that a request has set: its receiver was written for Chatwoot. */
async function writeAsChatwoot(
  database: Database,
  { id }: Inbox,
  { accountId }: Actor,
  { channel }: InboxChange,
): Promise<void> {
  if (!channel?.webhook_url) return
  await database.transaction(accountId, (tx) => setInboxWebhookFormat(tx, accountId, id, 'chatwoot'))
}

/** A greeting that is switched off is not stored here. */
function greetingOf(parameters: Parameters): string | null | undefined {
  return parameters.flag('greeting_enabled') === false
    ? null
    : parameters.cleared('greeting_message', parameters.text)
}

/** The settings of a channel, as the main API calls them. Those that it does not have are ignored. */
function channelOf(parameters: Parameters): object {
  const channel = parameters.inside('channel')
  if (!channel) return {}
  const website = channel.cleared('website_url', channel.text)
  const widget = defined({ color: channel.text('widget_color'), title: channel.text('welcome_title') })
  return defined({
    hmac_mandatory: channel.flag('hmac_mandatory'),
    webhook_url: channel.cleared('webhook_url', channel.text),
    website_url: website && !/^https?:\/\//.test(website) ? `https://${website}` : website,
    widget: Object.keys(widget).length > 0 ? widget : undefined,
  })
}

function memberRoutes(app: Server, { database }: Context): void {
  const { read } = database
  const url = `${accountPath}/inbox_members`
  const options = {
    schema: { params: account, body: Type.Object({ inbox_id: id(), ...AllUsers.properties }) },
    config,
    ...reading((parameters) => ({
      inbox_id: parameters.number('inbox_id'),
      user_ids: parameters.numbers('user_ids') ?? [],
    })),
  }
  app.get(`${url}/:inbox_id`, { schema: { params } }, async ({ actor, params }) => ({
    payload: await showMembers(read, actor, await listMembers(read, actor, params.inbox_id)),
  }))
  app.post(url, options, async ({ actor, body }) => {
    await assertInbox(read, actor, body.inbox_id)
    const members = await addMembers(database, actor, body.inbox_id, body.user_ids)
    return { payload: await showMembers(read, actor, members) }
  })
  app.patch(url, options, async ({ actor, body }) => {
    await assertInbox(read, actor, body.inbox_id)
    const members = await setMembers(database, actor, body.inbox_id, body.user_ids)
    return { payload: await showMembers(read, actor, members) }
  })
  app.delete(url, options, async ({ actor, body }, reply) => {
    await assertInbox(read, actor, body.inbox_id)
    await removeMembers(database, actor, body.inbox_id, body.user_ids)
    return reply.send()
  })
}
