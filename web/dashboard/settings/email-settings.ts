import { type Signal, useSignal } from '@preact/signals'
import type { Inbox } from '../data/api-types.ts'
import { inboxes } from '../data/directory.ts'

export type Tls = 'implicit' | 'starttls' | 'none'
export type Provider = 'google' | 'microsoft' | 'fastmail' | 'other'

interface ShownServer {
  host: string
  port: number
  tls: Tls
  user?: string
}

/** The settings of an e-mail inbox as the API shows them: secrets are null. */
interface Shown {
  email?: string
  name?: string | null
  imap?: ShownServer | null
  smtp?: (ShownServer & { dkim?: { domain: string; selector: string } | null }) | null
  oauth?: { provider: string; client_id: string; tenant?: string } | null
  inbound_secret?: null
  trusted_relay?: string | null
  signature?: string | null
  auto_reply?: string | null
  continues?: string[] | null
}

/** The fields of a server. */
export interface ServerFields {
  host: Signal<string>
  port: Signal<string>
  tls: Signal<Tls>
  user: Signal<string>
  password: Signal<string>
}

type Preset = Record<'imap' | 'smtp', ShownServer>

const presets: Record<Exclude<Provider, 'other'>, Preset> = {
  google: {
    imap: { host: 'imap.gmail.com', port: 993, tls: 'implicit' },
    smtp: { host: 'smtp.gmail.com', port: 465, tls: 'implicit' },
  },
  microsoft: {
    imap: { host: 'outlook.office365.com', port: 993, tls: 'implicit' },
    smtp: { host: 'smtp.office365.com', port: 587, tls: 'starttls' },
  },
  fastmail: {
    imap: { host: 'imap.fastmail.com', port: 993, tls: 'implicit' },
    smtp: { host: 'smtp.fastmail.com', port: 465, tls: 'implicit' },
  },
}
const names = Object.keys(presets) as (keyof typeof presets)[]

/** The fields of an e-mail inbox, a new one without `inbox`, and what the API gets of them. A hook. */
export function useEmailSettings(inbox?: Inbox) {
  const before = (inbox?.channel_settings ?? {}) as Shown
  const isNew = inbox === undefined
  const fields = {
    isNew,
    email: useSignal(before.email ?? ''),
    sender: useSignal(before.name ?? ''),
    provider: useSignal<Provider>(isNew ? 'google' : providerOf(before)),
    way: useSignal<'imap' | 'inbound'>(isNew || before.imap ? 'imap' : 'inbound'),
    imap: useServer(before.imap ?? (isNew ? presets.google.imap : undefined)),
    smtp: useServer(before.smtp ?? (isNew ? presets.google.smtp : undefined)),
    isSame: useSignal(isNew || before.smtp?.user === before.imap?.user),
    signIn: useSignal<'password' | 'oauth'>(before.oauth ? 'oauth' : 'password'),
    clientId: useSignal(before.oauth?.client_id ?? ''),
    clientSecret: useSignal(''),
    refreshToken: useSignal(''),
    tenant: useSignal(before.oauth?.tenant ?? ''),
    inboundSecret: useSignal(''),
    relay: useSignal(before.trusted_relay ?? ''),
    signature: useSignal(before.signature ?? ''),
    autoReply: useSignal(before.auto_reply ?? ''),
    continues: useSignal<readonly string[]>(before.continues ?? []),
    signs: useSignal(Boolean(before.smtp?.dkim)),
    dkim: {
      domain: useSignal(before.smtp?.dkim?.domain ?? ''),
      selector: useSignal(before.smtp?.dkim?.selector ?? ''),
      privateKey: useSignal(''),
    },
  }
  const { email, provider, way, imap, smtp, isSame, signIn } = fields

  /** Fills in the servers of a provider. */
  const choose = (chosen: Provider) => {
    provider.value = chosen
    if (chosen !== 'other') {
      fill(imap, presets[chosen].imap)
      fill(smtp, presets[chosen].smtp)
    }
    signIn.value = chosen === 'microsoft' ? 'oauth' : 'password'
  }

  const serverOf = ({ host, port, tls, user, password }: ServerFields) => ({
    host: host.value.trim(),
    port: Number(port.value),
    tls: tls.value,
    user: user.value.trim() || email.value.trim(),
    ...(password.value === '' || signIn.value === 'oauth' ? {} : { password: password.value }),
  })
  const oauthOf = () => ({
    provider: provider.value === 'fastmail' ? 'other' : provider.value,
    client_id: fields.clientId.value.trim(),
    ...filled('client_secret', fields.clientSecret.value),
    ...filled('refresh_token', fields.refreshToken.value),
    ...filled('tenant', fields.tenant.value),
  })
  const dkimOf = ({ domain, selector, privateKey }: typeof fields.dkim) => ({
    domain: domain.value.trim() || email.value.trim().split('@').at(-1),
    selector: selector.value.trim(),
    ...filled('private_key', privateKey.value),
  })
  /** What the API gets as `channel`. */
  const draft = () => {
    const isFetched = way.value === 'imap'
    const sharesSignIn = isFetched && isSame.value
    const outgoing = { ...smtp, ...(sharesSignIn ? { user: imap.user, password: imap.password } : {}) }
    return {
      email: email.value.trim(),
      name: fields.sender.value.trim() || null,
      imap: isFetched ? serverOf(imap) : null,
      smtp:
        smtp.host.value.trim() === ''
          ? null
          : { ...serverOf(outgoing), dkim: fields.signs.value ? dkimOf(fields.dkim) : null },
      oauth: signIn.value === 'oauth' ? oauthOf() : null,
      ...filled('inbound_secret', fields.inboundSecret.value),
      trusted_relay: fields.relay.value.trim() || null,
      signature: textOrNull(fields.signature.value),
      auto_reply: textOrNull(fields.autoReply.value),
      continues: fields.continues.value.filter(isKnown),
    }
  }
  return { ...fields, choose, draft }
}

export type EmailFieldsState = ReturnType<typeof useEmailSettings>

function useServer(before: ShownServer | undefined): ServerFields {
  return {
    host: useSignal(before?.host ?? ''),
    port: useSignal(String(before?.port ?? '')),
    tls: useSignal<Tls>(before?.tls ?? 'implicit'),
    user: useSignal(before?.user ?? ''),
    password: useSignal(''),
  }
}

function fill(fields: ServerFields, { host, port, tls }: ShownServer): void {
  fields.host.value = host
  fields.port.value = String(port)
  fields.tls.value = tls
}

function providerOf({ imap, smtp }: Shown): Provider {
  const host = (imap ?? smtp)?.host
  return names.find((name) => presets[name].imap.host === host || presets[name].smtp.host === host) ?? 'other'
}

/** An inbox that was deleted cannot be unchecked in the form. */
function isKnown(identifier: string): boolean {
  return inboxes.value.some(({ inbox_identifier }) => inbox_identifier === identifier)
}

function textOrNull(text: string): string | null {
  return text.trim() === '' ? null : text
}

function filled(name: string, value: string): object {
  return value.trim() === '' ? {} : { [name]: value.trim() }
}
