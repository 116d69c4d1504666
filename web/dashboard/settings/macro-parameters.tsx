import type { Action, Webhook } from '../data/api-types.ts'
import { agents, labels, teams } from '../data/directory.ts'
import { accountPath, isAdministrator } from '../data/session.ts'
import { Select } from '../parts/select.tsx'
import { strings } from '../strings.ts'
import { FetchStatus } from './fetch-status.tsx'
import { macroWords as t } from './macro-strings.ts'
import { useFetch } from './use-fetch.ts'

interface Props {
  action: Action
  /** The number of the step, from 1. */
  number: number
  onChange(parameters: unknown[]): void
}

const statuses = ['open', 'pending', 'resolved'] as const
const priorities = ['urgent', 'high', 'medium', 'low'] as const

/** The fields for the parameters of an action. */
export function ActionParameters(props: Props) {
  const { action, number, onChange } = props
  const { action_name: name, action_params: parameters } = action
  const label = `${t.step(number)}: ${t.names[name]}`
  const choose = (value: string) => onChange([value || null])
  const named = (all: readonly { id: number; name: string }[]) =>
    all.map(({ id, name: text }) => ({ value: id, text }))
  const value = parameters[0] as string | number | null
  switch (name) {
    case 'send_message':
    case 'add_private_note':
      return (
        <>
          <textarea
            aria-label={label}
            rows={4}
            dir="auto"
            value={String(value ?? '')}
            onInput={({ currentTarget }) => onChange([currentTarget.value])}
          />
          <small class="quiet">{t.textHint}</small>
        </>
      )
    case 'add_label':
    case 'remove_label':
      return <LabelChoice {...props} />
    case 'assign_agent':
    case 'assign_team': {
      const isAgent = name === 'assign_agent'
      const options = named(isAgent ? agents.value : teams.value)
      const none = isAgent ? strings.nobody : strings.none
      const onChoose = (chosen: string) => onChange([Number(chosen) || null])
      return <Select label={label} value={value} options={options} none={none} onChoose={onChoose} />
    }
    case 'change_status': {
      const options = statuses.map((one) => ({ value: one, text: strings.list.statuses[one] }))
      return <Select label={label} value={value} options={options} onChoose={choose} />
    }
    case 'change_priority': {
      const options = priorities.map((one) => ({ value: one, text: strings.details.priorities[one] }))
      return <Select label={label} value={value} options={options} none={strings.none} onChoose={choose} />
    }
    case 'snooze_conversation':
      return <SnoozeChoice label={label} seconds={parameters[0] as number | undefined} onChange={onChange} />
    case 'set_attribute':
      return (
        <div class="macro-attribute">
          {[t.attribute, t.value].map((part, index) => (
            <input
              key={part}
              type="text"
              dir="auto"
              aria-label={`${label}, ${part}`}
              placeholder={part}
              value={String(parameters[index] ?? '')}
              onInput={({ currentTarget }) => onChange(parameters.with(index, currentTarget.value))}
            />
          ))}
        </div>
      )
    case 'mute_conversation':
      return null
    case 'send_email_transcript':
      return (
        <>
          <input
            type="email"
            dir="ltr"
            aria-label={label}
            placeholder={t.ofContact}
            value={String(value ?? '')}
            onInput={({ currentTarget: { value: address } }) =>
              onChange(address.trim() ? [address.trim()] : [])
            }
          />
          <small class="quiet">{t.transcriptHint}</small>
        </>
      )
    case 'send_webhook_event':
      return <WebhookChoice label={label} value={value} onChange={onChange} />
  }
}

interface WebhookProps {
  label: string
  /** The id of a webhook, or its URL; 0 if none is chosen yet. */
  value: string | number | null
  onChange(parameters: unknown[]): void
}

function WebhookChoice({ label, value, onChange }: WebhookProps) {
  const fetched = useFetch<{ payload: Webhook[] }>(`${accountPath()}/webhooks`)
  // Only administrators see them.
  if (!isAdministrator.value) return <p class="quiet">{t.webhooksHidden}</p>
  if (!fetched.value.value) return <FetchStatus fetched={fetched} />
  const own = fetched.value.value.payload.filter(({ inbox_id }) => inbox_id === null)
  if (own.length === 0) return <p class="quiet">{t.noWebhooks}</p>
  const options = own.map(({ id, name, url }) => ({ value: id, text: name ?? url }))
  const chosen = own.find(({ id, url }) => id === value || url === value)?.id ?? null
  return (
    <>
      <Select
        label={label}
        value={chosen}
        options={options}
        none={t.chooseWebhook}
        onChoose={(id) => onChange([Number(id)])}
      />
      <small class="quiet">{t.webhookHint}</small>
    </>
  )
}

function LabelChoice({ action: { action_params: chosen }, number, onChange }: Props) {
  if (labels.value.length === 0) return <p class="quiet">{t.noLabels}</p>
  return (
    <fieldset class="macro-labels" aria-label={`${t.step(number)}: ${t.labels}`}>
      {labels.value.map(({ title }) => (
        <label key={title} class="check">
          <input
            type="checkbox"
            checked={chosen.includes(title)}
            onChange={({ currentTarget }) => {
              const others = chosen.filter((one) => one !== title)
              onChange(currentTarget.checked ? [...others, title] : others)
            }}
          />
          <bdi>{title}</bdi>
        </label>
      ))}
    </fieldset>
  )
}

interface SnoozeProps {
  label: string
  /** Without a number, until the customer replies. */
  seconds: number | undefined
  onChange(parameters: unknown[]): void
}

function SnoozeChoice({ label, seconds, onChange }: SnoozeProps) {
  const value = String(seconds ?? 'reply')
  const options = Object.entries(t.snoozes).map(([one, text]) => ({ value: one, text }))
  // A program may have chosen another time.
  if (!options.some((one) => one.value === value)) options.push({ value, text: t.seconds(seconds!) })
  return (
    <Select
      label={label}
      value={value}
      options={options}
      onChoose={(chosen) => onChange(chosen === 'reply' ? [] : [Number(chosen)])}
    />
  )
}
