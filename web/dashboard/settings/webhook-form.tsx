import { signal, useSignal } from '@preact/signals'
import type { Webhook } from '../data/shapes.ts'
import { CheckboxGroup, TextField } from './fields.tsx'
import { Form } from './form.tsx'
import { words } from './strings.ts'

const t = words.webhooks

export type WithSecret = Webhook & { secret: string }

/** The secret that an answer alone has shown, until it is put away. */
export const shownSecret = signal<WithSecret | undefined>(undefined)

interface WebhookFormProps {
  webhook?: Webhook
  action: string
  work(body: object): Promise<void>
}

/** What a webhook is made of. */
export function WebhookForm({ webhook, action, work }: WebhookFormProps) {
  const name = useSignal(webhook?.name ?? '')
  const url = useSignal(webhook?.url ?? '')
  const events = useSignal<readonly string[]>(webhook?.subscriptions ?? ['message_created'])
  // Its inbox decides the rest.
  const isOfInbox = webhook !== undefined && webhook.inbox_id !== null
  const send = () => {
    const own = isOfInbox ? {} : { url: url.value.trim(), subscriptions: events.value }
    return work({ name: name.value.trim() || null, ...own })
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
            options={Object.entries(t.eventNames).map(([value, text]) => ({ value, text }))}
          />
        </>
      )}
    </Form>
  )
}
