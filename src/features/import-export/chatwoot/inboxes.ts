import { urlProblem } from '../../../lib/destination.ts'
import { channel as api } from '../../channels/api/channel.ts'
import { channel as email } from '../../channels/email/channel.ts'
import { channel as website } from '../../channels/web-widget/channel.ts'
import type { Settings } from '../../inboxes/channels.ts'
import { addInboxMember, createInbox, findInboxByIdentifier } from '../../inboxes/service.ts'
import { setInboxWebhookFormat } from '../../webhooks/service.ts'
import { addressOf, connectInbox, emailSettings } from './email-inboxes.ts'
import type { Move } from './move.ts'
import { type SourceMailChannel, selectMailChannels } from './source-mail.store.ts'
import { type SourceInbox, selectInboxes, selectInboxMembers } from './source-settings.store.ts'

/** The inboxes of Chatwoot, and their ids here. */
export class Inboxes {
  readonly #ids = new Map<number, number>()
  readonly #websites = new Set<number>()
  /** The addresses of those that are e-mail inboxes here. */
  readonly #addresses = new Map<number, string>()
  /** The users who work in each inbox here. */
  readonly #members = new Set<string>()

  /** Imports the inboxes of the account with their members. */
  static async import(move: Move): Promise<Inboxes> {
    const inboxes = new Inboxes()
    await inboxes.#import(move)
    return inboxes
  }

  /** The id here of an inbox; undefined if it no longer exists. */
  idOf(chatwootId: number): number | undefined {
    return this.#ids.get(chatwootId)
  }

  /** Whether an inbox is a widget, in which the `source_id` of a contact is a secret of their browser. */
  isWebsite(chatwootId: number): boolean {
    return this.#websites.has(chatwootId)
  }

  /** The address of an e-mail inbox, in which the `source_id` of a contact is their address; undefined for others. */
  addressOf(chatwootId: number): string | undefined {
    return this.#addresses.get(chatwootId)
  }

  /** Whether a user, by their id here, is a member of an inbox. */
  hasMember(chatwootId: number, userId: number): boolean {
    return this.#members.has(`${chatwootId} ${userId}`)
  }

  async #import(move: Move): Promise<void> {
    const { source, database, accountId, isDryRun, report, ids, people } = move
    const rows = await selectInboxes(source, accountId)
    report.table('inboxes', rows.length)
    await ids.inboxes.begin(database, source, rows.at(-1)?.id ?? 0)
    const idOf = await ids.inboxes.load(
      database.read,
      rows.map(({ id }) => id),
    )
    const mails = await selectMailChannels(source, accountId)
    for (const row of rows) {
      if (row.channel_type === 'Channel::WebWidget') this.#websites.add(row.id)
      const isOld = ids.inboxes.isOld(row.id)
      if (isOld) await this.#refresh(move, row, idOf(row.id), mails.get(row.id))
      else await this.#add(move, row, mails.get(row.id))
      await move.rest()
    }
    await ids.inboxes.finish(database, source)
    const members = await selectInboxMembers(source, accountId)
    report.table('inbox_members', members.length)
    for (const { inbox_id, user_id } of members) {
      const userId = people.idOf(user_id)
      if (userId === null) continue
      this.#members.add(`${inbox_id} ${userId}`)
      report.count('inbox_members', 'stored')
      if (isDryRun) continue
      await database.transaction(accountId, (tx) =>
        addInboxMember(tx, accountId, this.#ids.get(inbox_id)!, userId),
      )
    }
  }

  async #refresh(
    move: Move,
    row: SourceInbox,
    id: number,
    mail: SourceMailChannel | undefined,
  ): Promise<void> {
    this.#ids.set(row.id, id)
    const isConnected = mail !== undefined && (await connectInbox(move, id, row, mail))
    move.report.count('inboxes', isConnected ? 'changed' : 'known')
    this.#note(row.id, await addressOf(move, id))
  }

  async #add(move: Move, row: SourceInbox, mail: SourceMailChannel | undefined): Promise<void> {
    const settings = mail && emailSettings(move, row, mail)
    const channel = settings ? { name: row.name, channel_type: email.type, settings } : channelOf(move, row)
    this.#ids.set(row.id, move.isDryRun ? row.id : await this.#store(move, row, channel))
    move.report.count('inboxes', 'stored')
    this.#note(row.id, settings?.email)
  }

  #note(chatwootId: number, address: string | undefined): void {
    if (address !== undefined) this.#addresses.set(chatwootId, address)
  }

  async #store(move: Move, row: SourceInbox, channel: NewChannel): Promise<number> {
    const { database, accountId, ids, report } = move
    const identifier = row.identifier ?? row.website_token
    const isTaken =
      identifier !== null && (await findInboxByIdentifier(database.read, identifier)) !== undefined
    if (isTaken) report.remark('inbox with another identifier, because its own is taken', row.name)
    return database.transaction(accountId, async (tx) => {
      const isKept = ids.inboxes.keeps(row.id)
      const [id] = isKept ? [row.id] : await ids.inboxes.replace(tx, [row.id])
      if (!isKept) report.remark('inbox with another id, because its own is taken', `${row.id} is ${id}`)
      await createInbox(tx, accountId, {
        id: id!,
        ...channel,
        greeting_message:
          row.greeting_enabled && channel.channel_type !== email.type
            ? (row.greeting_message?.slice(0, 10_000) ?? null)
            : null,
        hmac_mandatory: row.hmac_mandatory ? 1 : 0,
        ...(identifier && !isTaken ? { identifier } : {}),
        ...(row.hmac_token ? { hmac_token: row.hmac_token } : {}),
      })
      await setInboxWebhookFormat(tx, accountId, id!, 'chatwoot')
      await ids.inboxes.advance(tx, row.id)
      return id!
    })
  }
}

interface NewChannel {
  name: string
  channel_type: string
  settings: Settings
}

/** The channel of an inbox here that is not an e-mail inbox, with the name that says if it had another one. */
function channelOf(move: Move, row: SourceInbox): NewChannel {
  const { report } = move
  if (row.channel_type === 'Channel::WebWidget')
    return { name: row.name, channel_type: website.type, settings: widgetOf(row) }
  if (row.channel_type === 'Channel::Api') {
    const url = row.webhook_url?.trim() || null
    const problem = url && urlProblem(url, move.allowPrivate)
    if (problem)
      report.remark('API inbox without its webhook, whose URL may not be called', `${row.name} ${problem}`)
    else if (url) report.remark('API inbox whose webhook has a new secret', row.name)
    return { name: row.name, channel_type: api.type, settings: { webhook_url: problem ? null : url } }
  }
  const channel = row.channel_type.replace('Channel::', '')
  report.remark(
    'inbox of a channel that is not moved, now an API inbox: replies are not sent',
    `${row.name}, ${channel}`,
  )
  return { name: `${row.name} (${channel})`.slice(0, 255), channel_type: api.type, settings: {} }
}

function widgetOf({ website_url, widget_color, welcome_title, allowed_domains }: SourceInbox): Settings {
  const address = website_url?.trim()
  const url = address && URL.canParse(address) ? address : address ? `https://${address}` : ''
  const origins = (allowed_domains ?? '').split(/[\s,]+/).flatMap(originOf)
  return {
    website_url: URL.canParse(url) ? url : null,
    widget: {
      ...(widget_color && /^#[\da-f]{6}$/i.test(widget_color) ? { color: widget_color } : {}),
      ...(welcome_title?.trim() ? { title: welcome_title.trim().slice(0, 100) } : {}),
      ...(origins.length > 0 ? { allowed_origins: origins.slice(0, 50) } : {}),
    },
  }
}

function originOf(domain: string): string[] {
  if (!domain) return []
  const url = (domain.includes('://') ? domain : `https://${domain}`).toLowerCase()
  const [, origin] = /^(https?:\/\/(?:\*\.)?[a-z0-9][a-z0-9.-]*(?::\d{1,5})?)\/*$/.exec(url) ?? []
  return origin === undefined ? [] : [origin]
}
