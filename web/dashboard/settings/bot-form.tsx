import { signal, useSignal } from '@preact/signals'
import type { AgentBot } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { inboxes } from '../data/directory.ts'
import { accountPath } from '../data/session.ts'
import { CheckboxGroup, TextField } from './fields.tsx'
import { Form } from './form.tsx'
import { words } from './strings.ts'
import { useFetch } from './use-fetch.ts'
import { FormatField } from './webhook-form.tsx'

const t = words.bots

/** What the server shows only once, until the person has copied it. */
export const shownSecrets = signal<{ id: number; access_token?: string; secret?: string } | undefined>(
  undefined,
)

interface BotFormProps {
  bot?: AgentBot
  action: string
  work(body: object, inboxIds: readonly number[]): Promise<void>
}

/** The form for a new or an existing bot. */
export function BotForm({ bot, action, work }: BotFormProps) {
  const name = useSignal(bot?.name ?? '')
  const description = useSignal(bot?.description ?? '')
  const url = useSignal(bot?.outgoing_url ?? '')
  const chosen = useSignal<readonly string[]>((bot?.inbox_ids ?? []).map(String))
  const bots = useFetch<{ payload: AgentBot[] }>(`${accountPath()}/agent_bots`).value.value?.payload ?? []
  const otherIn = (id: number) => bots.find((one) => one.id !== bot?.id && one.inbox_ids.includes(id))
  const format = useSignal<AgentBot['format']>(bot?.format ?? 'ndoto')
  const send = () => {
    const texts = { description: description.value.trim() || null, outgoing_url: url.value.trim() || null }
    return work({ name: name.value.trim(), ...texts, format: format.value }, chosen.value.map(Number))
  }
  return (
    <Form label={t.settings} action={action} work={send}>
      <TextField name="name" label={t.name} hint={t.nameHint} value={name} placeholder={t.namePlaceholder} />
      <TextField name="description" label={t.description} value={description} isOptional />
      <TextField
        name="outgoing_url"
        label={t.url}
        hint={t.urlHint}
        value={url}
        type="url"
        placeholder="https://example.com/bot"
        isOptional
      />
      <FormatField value={format} />
      <CheckboxGroup
        name="inboxes"
        label={t.inboxes}
        hint={t.inboxesHint}
        value={chosen}
        options={inboxes.value.map(({ id, name }) => {
          const other = otherIn(id)
          return { value: String(id), text: name, ...(other ? { hint: t.otherBot(other.name) } : {}) }
        })}
      />
    </Form>
  )
}

/** Lets a bot answer in these inboxes, and in no other one. */
export async function setInboxes({ id, inbox_ids }: AgentBot, chosen: readonly number[]): Promise<void> {
  const set = (inbox: number, agent_bot: number | null) =>
    call(`${accountPath()}/inboxes/${inbox}/agent_bot`, { method: 'POST', body: { agent_bot } })
  for (const inbox of chosen) if (!inbox_ids.includes(inbox)) await set(inbox, id)
  for (const inbox of inbox_ids) if (!chosen.includes(inbox)) await set(inbox, null)
}
