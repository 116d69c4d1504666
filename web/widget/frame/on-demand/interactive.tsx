import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { isSafe } from '../../../../src/lib/text/links.ts'
import { CallError } from '../../../shared/api.ts'
import type { Message } from '../data/api-types.ts'
import { post } from '../data/outbox.ts'
import { put } from '../data/thread.ts'
import { callOwn } from '../data/visitor.ts'
import { Icon } from '../icons.tsx'
import { Link } from '../parts/text.tsx'
import { strings } from '../strings.ts'
import { FormFields } from './form-fields.tsx'

/** An item of any content type; programs may have stored anything. */
interface Item {
  title?: string
  value?: string
  description?: string
  link?: string
  media_url?: string
  actions?: { type: string; text: string; uri?: string }[]
}

/** The interactive part of a message: options, forms and cards. */
export function Interactive({ message }: { message: Message }) {
  const { content_type, content_attributes } = message
  const items = (Array.isArray(content_attributes.items) ? content_attributes.items : []) as Item[]
  switch (content_type) {
    case 'input_select':
      return <Options message={message} items={items} />
    case 'input_email':
      return <Email message={message} />
    case 'form':
      return <Form message={message} />
    case 'cards':
    case 'article':
      return <Cards items={items} />
    default:
      return null
  }
}

/** The answer that was given; a message takes one. */
function answered({ content_attributes }: Message): unknown {
  return content_attributes.submitted_values ?? content_attributes.submitted_email
}

/** Sends an answer once, and shows the message as the server returns it. A hook. */
function useAnswer({ id, conversation_id }: Message) {
  const problem = useSignal('')
  const isUnderway = useSignal(false)
  const send = async (body: object) => {
    if (isUnderway.value) return
    isUnderway.value = true
    problem.value = ''
    try {
      put(
        await callOwn<Message>(`/conversations/${conversation_id}/messages/${id}`, { method: 'PATCH', body }),
      )
    } catch (error) {
      // Another tab has answered: an event brings that answer.
      if (!(error instanceof CallError && error.code === 'already_answered'))
        problem.value = strings.value.failed
    }
    isUnderway.value = false
  }
  return { problem, isUnderway, send }
}

function Options({ message, items }: { message: Message; items: Item[] }) {
  const { problem, isUnderway, send } = useAnswer(message)
  const given = answered(message)
  const chosen = Array.isArray(given) ? given[0]?.value : undefined
  return (
    <div class="options">
      {items.map(({ title, value }) => (
        <button
          key={value}
          type="button"
          class="option"
          aria-pressed={value === chosen}
          disabled={given !== undefined || isUnderway.value}
          onClick={() => send({ submitted_values: [{ value }] })}
        >
          {value === chosen && <Icon name="check" />} {title}
        </button>
      ))}
      <Problem text={problem.value} />
    </div>
  )
}

function Problem({ text }: { text: string }) {
  if (!text) return null
  return (
    <p class="bad" role="alert">
      {text}
    </p>
  )
}

interface AskedProps {
  onSend(form: HTMLFormElement): void
  isUnderway: boolean
  problem: string
  children: ComponentChildren
}

function Asked({ onSend, isUnderway, problem, children }: AskedProps) {
  return (
    <form
      class="asked"
      onSubmit={(event) => {
        event.preventDefault()
        onSend(event.currentTarget)
      }}
    >
      {children}
      <button type="submit" class="answer" disabled={isUnderway}>
        {strings.value.send}
      </button>
      <Problem text={problem} />
    </form>
  )
}

function Email({ message }: { message: Message }) {
  const { problem, isUnderway, send } = useAnswer(message)
  const given = answered(message)
  if (given !== undefined) return <Given text={String(given)} />
  const label = strings.value.email
  return (
    <Asked
      onSend={(form) => send({ submitted_email: new FormData(form).get('email') })}
      isUnderway={isUnderway.value}
      problem={problem.value}
    >
      <label>
        {label}
        <input type="email" name="email" autoComplete="email" required maxLength={254} dir="ltr" />
      </label>
    </Asked>
  )
}

function Given({ text }: { text: string }) {
  return (
    <p class="given">
      <Icon name="check" /> <bdi>{text}</bdi>
    </p>
  )
}

function Form({ message }: { message: Message }) {
  const { problem, isUnderway, send } = useAnswer(message)
  const given = answered(message)
  const fields = <FormFields message={message} given={given} />
  if (given !== undefined) return <div class="asked">{fields}</div>
  return (
    <Asked
      onSend={(form) => send({ submitted_values: valuesOf(form) })}
      isUnderway={isUnderway.value}
      problem={problem.value}
    >
      {fields}
    </Asked>
  )
}

function valuesOf(form: HTMLFormElement) {
  const fields = [...form.elements].filter((one) => (one as HTMLInputElement).name) as HTMLInputElement[]
  return fields.map(({ name, type, checked, value }) => ({
    name,
    value: type === 'checkbox' ? checked : value,
  }))
}

function Cards({ items }: { items: Item[] }) {
  return (
    <ul class="cards">
      {items.map(({ title, description, link, media_url, actions = [] }) => (
        <li key={title} class="card">
          {media_url && isSafe(media_url) && <img src={media_url} alt="" loading="lazy" />}
          {link && isSafe(link) ? (
            <Link to={link} text={title ?? link} kind="card-title" />
          ) : (
            <strong>{title}</strong>
          )}
          {description && <p>{description}</p>}
          {actions.map(({ type, text, uri }) =>
            type === 'link' && uri && isSafe(uri) ? (
              <Link key={text} to={uri} text={text} kind="option" />
            ) : type === 'postback' ? (
              <button key={text} type="button" class="option" onClick={() => post(text)}>
                {text}
              </button>
            ) : null,
          )}
        </li>
      ))}
    </ul>
  )
}
