import { type Signal, useSignal } from '@preact/signals'
import { CallError } from '../../shared/api.ts'
import type { Inbox } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { loadDirectory } from '../data/directory.ts'
import { accountPath } from '../data/session.ts'
import { isApi, isEmail, isWebsite } from './channels.ts'
import { EmailFields } from './email-fields.tsx'
import { useEmailSettings } from './email-settings.ts'
import { emailWords } from './email-strings.ts'
import { CheckboxField, RadioGroup, TextField } from './fields.tsx'
import { Form } from './form.tsx'
import { PreChatFields, usePreChat } from './pre-chat-fields.tsx'
import { words } from './strings.ts'

const t = words.inboxes

interface Url {
  value: Signal<string>
}

export function WebhookUrl({ value }: Url) {
  return (
    <TextField
      name="channel.webhook_url"
      label={t.webhook}
      hint={t.webhookHint}
      value={value}
      type="url"
      placeholder="https://example.com/ndoto"
      isOptional
    />
  )
}

export function WebsiteUrl({ value }: Url) {
  return (
    <TextField
      name="channel.website_url"
      label={t.website}
      hint={t.websiteHint}
      value={value}
      type="url"
      placeholder="https://www.example.com"
      isOptional
    />
  )
}

/** The form for the settings of an inbox. */
export function InboxForm({ inbox }: { inbox: Inbox }) {
  const name = useSignal(inbox.name)
  const greeting = useSignal(inbox.greeting_message ?? '')
  const webhook = useSignal(inbox.webhook_url ?? '')
  const website = useSignal(inbox.website_url ?? '')
  const { draft, widget } = useWidget(inbox)
  const email = useEmailSettings(inbox)
  const ownSettings = () => {
    if (isApi(inbox)) return { webhook_url: webhook.value.trim() || null }
    if (isWebsite(inbox)) return { website_url: website.value.trim() || null, widget: draft() }
    if (isEmail(inbox)) return email.draft()
    return undefined
  }
  const work = async () => {
    await changeInbox(inbox.id, {
      name: name.value,
      greeting_message: greeting.value.trim() === '' ? null : greeting.value,
      channel: ownSettings(),
    })
  }
  const test = async () => {
    await work()
    await testConnection(inbox.id)
  }
  const alternative = isEmail(inbox)
    ? { action: emailWords.test, work: test, done: emailWords.tested }
    : undefined
  return (
    <Form label={t.settings} action={words.save} work={work} alternative={alternative}>
      <TextField name="name" label={t.name} hint={t.nameHint} value={name} />
      {isEmail(inbox) && <EmailFields settings={email} />}
      {isApi(inbox) && <WebhookUrl value={webhook} />}
      {isWebsite(inbox) && <WebsiteUrl value={website} />}
      <TextField
        name="greeting_message"
        label={t.greeting}
        hint={t.greetingHint}
        value={greeting}
        rows={3}
        isOptional
      />
      {widget && <WidgetFields widget={widget} />}
    </Form>
  )
}

/** Changes an inbox on the server and in the page. Throws CallError. */
export async function changeInbox(id: number, body: object): Promise<void> {
  await call(`${accountPath()}/inboxes/${id}`, { method: 'PATCH', body })
  await loadDirectory()
}

/** Tries the stored settings of an inbox. Throws a CallError that names each field with a problem. */
async function testConnection(id: number): Promise<void> {
  const path = `${accountPath()}/inboxes/${id}/check`
  const { payload } = await call<{ payload: { field: string; message: string }[] }>(path, { method: 'POST' })
  if (payload.length === 0) return
  const errors = payload.map((problem) => ({ ...problem, code: 'not_allowed' as const }))
  throw new CallError(422, payload[0]!.message, 0, { errors })
}

function useWidget({ widget: before }: Inbox) {
  const widget = {
    color: useSignal(before?.color ?? ''),
    position: useSignal(before?.position ?? 'right'),
    title: useSignal(before?.title ?? ''),
    origins: useSignal(before?.allowed_origins.join('\n') ?? ''),
    showsAgents: useSignal(before?.show_agents ?? false),
    recordsVisits: useSignal(before?.record_visits ?? false),
    asksEmail: useSignal(before?.ask_email ?? false),
    preChat: usePreChat(before),
  }
  if (!before) return { draft: () => undefined, widget: undefined }
  const draft = () => ({
    color: widget.color.value,
    position: widget.position.value,
    title: widget.title.value.trim() || null,
    allowed_origins: widget.origins.value.split(/\s+/).filter(Boolean),
    show_agents: widget.showsAgents.value,
    record_visits: widget.recordsVisits.value,
    ask_email: widget.asksEmail.value,
    ...widget.preChat.draft(),
  })
  return { draft, widget }
}

function WidgetFields({ widget }: { widget: NonNullable<ReturnType<typeof useWidget>['widget']> }) {
  const { color, position, title, origins, showsAgents, recordsVisits, asksEmail, preChat } = widget
  return (
    <>
      <TextField name="channel.widget.title" label={t.title} hint={t.titleHint} value={title} isOptional />
      <TextField name="channel.widget.color" label={t.color} hint={t.colorHint} value={color} type="color" />
      <RadioGroup
        name="channel.widget.position"
        label={t.position}
        value={position}
        options={(['right', 'left'] as const).map((value) => ({ value, text: t.positions[value] }))}
      />
      <TextField
        name="channel.widget.allowed_origins"
        label={t.origins}
        hint={t.originsHint}
        value={origins}
        rows={2}
        isOptional
      />
      <CheckboxField name="channel.widget.show_agents" label={t.showsAgents} value={showsAgents} />
      <CheckboxField name="channel.widget.ask_email" label={t.asksEmail} value={asksEmail} />
      <PreChatFields form={preChat} />
      <CheckboxField
        name="channel.widget.record_visits"
        label={t.recordsVisits}
        hint={t.recordsVisitsHint}
        value={recordsVisits}
      />
    </>
  )
}
