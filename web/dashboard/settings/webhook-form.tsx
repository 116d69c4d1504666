import { type Signal, signal, useSignal } from '@preact/signals'
import type { Webhook } from '../data/api-types.ts'
import { CheckboxGroup, RadioGroup, TextField } from './fields.tsx'
import { Form } from './form.tsx'
import { words } from './strings.ts'

const t = words.webhooks

export type WithSecret = Webhook & { secret: string }

/** A secret that the server shows only once, until the person has copied it. */
export const shownSecret = signal<WithSecret | undefined>(undefined)

// These are not stored, so they cannot be sent again.
const signals = ['typing', 'widget_opened']

interface WebhookFormProps {
  webhook?: Webhook
  action: string
  work(body: object): Promise<void>
}

/** Chooses how events are written: those of webhooks, and those of bots. */
export function FormatField({ value }: { value: Signal<Webhook['format']> }) {
  return (
    <RadioGroup
      name="format"
      label={t.format}
      value={value}
      options={(['ndoto', 'chatwoot'] as const).map((format) => ({ value: format, ...t.formats[format] }))}
    />
  )
}

/** The form for a new or an existing webhook. */
export function WebhookForm({ webhook, action, work }: WebhookFormProps) {
  const name = useSignal(webhook?.name ?? '')
  const url = useSignal(webhook?.url ?? '')
  const events = useSignal<readonly string[]>(webhook?.subscriptions ?? ['message_created'])
  const format = useSignal<Webhook['format']>(webhook?.format ?? 'ndoto')
  // The webhook of an inbox has the URL of the inbox, and all events.
  const isOfInbox = webhook !== undefined && webhook.inbox_id !== null
  const send = () => {
    const own = isOfInbox ? {} : { url: url.value.trim(), subscriptions: events.value }
    return work({ name: name.value.trim() || null, format: format.value, ...own })
  }
  return (
    <Form label={t.settings} action={action} work={send}>
      <TextField name="name" label={t.name} value={name} placeholder={t.namePlaceholder} isOptional />
      {!isOfInbox && (
        <>
          <TextField
            name="url"
            label={t.url}
            hint={t.urlHint}
            value={url}
            type="url"
            placeholder="https://example.com/ndoto"
          />
          <CheckboxGroup
            name="subscriptions"
            label={t.events}
            value={events}
            options={Object.entries(t.eventNames).map(([value, text]) => ({
              value,
              text,
              ...(signals.includes(value) && { hint: t.signalHint }),
            }))}
          />
        </>
      )}
      <FormatField value={format} />
    </Form>
  )
}
