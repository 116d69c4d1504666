import { inboxes } from '../data/directory.ts'
import { channelName, isEmail } from './channels.ts'
import { DkimFields } from './dkim.tsx'
import type { EmailFieldsState, Provider, ServerFields, Tls } from './email-settings.ts'
import { emailWords as t } from './email-strings.ts'
import { CheckboxField, CheckboxGroup, FieldGroup, RadioGroup, SelectField, TextField } from './fields.tsx'

const providers: readonly Provider[] = ['google', 'microsoft', 'fastmail', 'other']
const tlsChoices: readonly Tls[] = ['implicit', 'starttls', 'none']

/** The fields of an e-mail inbox: its address, its servers, and how to sign in to them. */
export function EmailFields({ settings }: { settings: EmailFieldsState }) {
  const { email, sender, provider, choose, way, imap, smtp, isSame, signIn, isNew } = settings
  const isFetched = way.value === 'imap'
  const usesPassword = signIn.value === 'password'
  const sharesSignIn = isFetched && isSame.value
  return (
    <>
      <TextField
        name="channel.email"
        label={t.address}
        hint={t.addressHint}
        value={email}
        type="email"
        placeholder="support@example.com"
      />
      <TextField name="channel.name" label={t.sender} hint={t.senderHint} value={sender} isOptional />
      <SelectField
        name="channel.provider"
        label={t.provider}
        hint={t.providerHints[provider.value]}
        value={provider}
        options={providers.map((value) => ({ value, text: t.providers[value] }))}
        onChoose={choose}
      />
      <RadioGroup
        name="channel.way"
        label={t.receives}
        value={way}
        options={(['imap', 'inbound'] as const).map((value) => ({
          value,
          text: t.ways[value],
          hint: t.wayHints[value],
        }))}
      />
      {!isFetched && (
        <TextField
          name="channel.inbound_secret"
          label={t.inboundSecret}
          hint={isNew ? t.inboundSecretHint : `${t.inboundSecretHint} ${t.secretStored}`}
          value={settings.inboundSecret}
          type="password"
          autocomplete="new-password"
          isOptional={!isNew}
        />
      )}
      <RadioGroup
        name="channel.oauth"
        label={t.signIn}
        value={signIn}
        options={(['password', 'oauth'] as const).map((value) => ({ value, text: t.signIns[value] }))}
      />
      {signIn.value === 'oauth' && <Oauth settings={settings} />}
      {isFetched && (
        <FieldGroup name="channel.imap" label={t.receiving}>
          <Server at="channel.imap" server={imap} hasUser hasPassword={usesPassword} isNew={isNew} />
        </FieldGroup>
      )}
      <FieldGroup name="channel.smtp" label={t.sending}>
        {isFetched && <CheckboxField name="same" label={t.samePassword} value={isSame} />}
        <Server
          at="channel.smtp"
          server={smtp}
          hasUser={!sharesSignIn}
          hasPassword={usesPassword && !sharesSignIn}
          isNew={isNew}
        />
        <DkimFields settings={settings} />
      </FieldGroup>
      <TextField
        name="channel.signature"
        label={t.signature}
        hint={t.signatureHint}
        value={settings.signature}
        rows={3}
        isOptional
      />
      <TextField
        name="channel.auto_reply"
        label={t.autoReply}
        hint={t.autoReplyHint}
        value={settings.autoReply}
        rows={3}
        isOptional
      />
      <Continues value={settings.continues} />
      <TextField
        name="channel.trusted_relay"
        label={t.relay}
        hint={t.relayHint}
        value={settings.relay}
        placeholder="mx.example.com"
        isOptional
      />
    </>
  )
}

/** The inboxes whose visitors get a mail if they have left. */
function Continues({ value }: { value: EmailFieldsState['continues'] }) {
  const others = inboxes.value.filter((inbox) => !isEmail(inbox))
  if (others.length === 0) return null
  return (
    <CheckboxGroup
      name="channel.continues"
      label={t.continues}
      hint={t.continuesHint}
      value={value}
      options={others.map((inbox) => ({
        value: inbox.inbox_identifier,
        text: inbox.name,
        hint: channelName(inbox),
      }))}
    />
  )
}

interface ServerProps {
  /** The name of the object in the API. */
  at: string
  server: ServerFields
  hasUser: boolean
  hasPassword: boolean
  isNew: boolean
}

function Server({ at, server, hasUser, hasPassword, isNew }: ServerProps) {
  const { host, port, tls, user, password } = server
  return (
    <>
      <TextField name={`${at}.host`} label={t.host} value={host} placeholder="mail.example.com" />
      <TextField name={`${at}.port`} label={t.port} value={port} inputMode="numeric" />
      <SelectField
        name={`${at}.tls`}
        label={t.tls}
        value={tls}
        options={tlsChoices.map((value) => ({ value, text: t.tlsNames[value] }))}
      />
      {hasUser && <TextField name={`${at}.user`} label={t.user} hint={t.userHint} value={user} isOptional />}
      {hasPassword && (
        <TextField
          name={`${at}.password`}
          label={t.password}
          hint={isNew ? undefined : t.passwordStored}
          value={password}
          type="password"
          autocomplete="new-password"
          isOptional={!isNew}
        />
      )}
    </>
  )
}

function Oauth({
  settings: { clientId, clientSecret, refreshToken, tenant, provider, isNew },
}: {
  settings: EmailFieldsState
}) {
  const hint = isNew ? undefined : t.secretStored
  return (
    <>
      <TextField name="channel.oauth.client_id" label={t.clientId} value={clientId} />
      <TextField
        name="channel.oauth.client_secret"
        label={t.clientSecret}
        hint={hint}
        value={clientSecret}
        type="password"
        autocomplete="new-password"
        isOptional
      />
      <TextField
        name="channel.oauth.refresh_token"
        label={t.refreshToken}
        hint={hint}
        value={refreshToken}
        type="password"
        autocomplete="new-password"
        isOptional={!isNew}
      />
      {provider.value === 'microsoft' && (
        <TextField
          name="channel.oauth.tenant"
          label={t.tenant}
          value={tenant}
          placeholder="common"
          isOptional
        />
      )}
    </>
  )
}
