import { isSafe } from '../../../src/lib/text/links.ts'
import type { Message } from '../data/api-types.ts'
import { Icon } from '../icons.tsx'
import { strings } from '../strings.ts'

const t = strings.thread

interface Item {
  title?: string
  value?: string
  description?: string
  link?: string
  label?: string
  name?: string
  type?: string
  options?: { label: string; value: string }[]
  actions?: { type: string; text: string; uri?: string }[]
}

/** The interactive part of a message (options, forms, cards), with the customer's answer. */
export function Interactive({ message: { content_type, content_attributes } }: { message: Message }) {
  // Old or imported data may have any shape; only the right one is shown.
  const items = (Array.isArray(content_attributes.items) ? content_attributes.items : []) as Item[]
  switch (content_type) {
    case 'input_select':
      return <Options items={items} chosen={chosenValue(content_attributes.submitted_values)} />
    case 'input_email':
      return <Email given={content_attributes.submitted_email} />
    case 'cards':
      return (
        <ul class="cards">
          {items.map((card) => (
            <li key={card.title}>
              <strong>{card.title}</strong>
              {card.description && <p>{card.description}</p>}
              {card.actions?.map((action) => (
                <SafeLink key={action.text} to={action.uri} text={action.text} />
              ))}
            </li>
          ))}
        </ul>
      )
    case 'form':
      return <Form items={items} submitted={content_attributes.submitted_values} />
    case 'article':
      return (
        <ul class="cards">
          {items.map((article) => (
            <li key={article.link}>
              <SafeLink to={article.link} text={article.title ?? ''} />
              {article.description && <p>{article.description}</p>}
            </li>
          ))}
        </ul>
      )
    default:
      return null
  }
}

function Options({ items, chosen }: { items: Item[]; chosen: string | undefined }) {
  return (
    <ul class="options">
      {items.map(({ title, value }) => (
        <li key={value} data-chosen={value === chosen || undefined}>
          {value === chosen && <Icon name="check" />}
          {value === chosen ? <span class="unseen">{t.chosen('')}</span> : null}
          {title}
        </li>
      ))}
    </ul>
  )
}

function Email({ given }: { given: unknown }) {
  return <p class="asked">{typeof given === 'string' ? t.answered(given) : t.asksEmail}</p>
}

function Form({ items, submitted }: { items: Item[]; submitted: unknown }) {
  return (
    <dl class="asked">
      {items.map(({ name = '', label }) => (
        <div key={name}>
          <dt>{label}</dt>
          <dd>{answerOf(submitted, name) ?? '–'}</dd>
        </div>
      ))}
    </dl>
  )
}

function SafeLink({ to, text }: { to: string | undefined; text: string }) {
  if (!to || !isSafe(to)) return <span class="card-action">{text}</span>
  return (
    <a class="card-action" href={to} target="_blank" rel="noopener noreferrer nofollow">
      {text}
    </a>
  )
}

function chosenValue(submitted: unknown): string | undefined {
  const first = Array.isArray(submitted) ? submitted[0] : submitted
  const value = typeof first === 'object' && first !== null ? (first as Item).value : first
  return typeof value === 'string' ? value : undefined
}

function answerOf(submitted: unknown, name: string): string | undefined {
  if (Array.isArray(submitted)) return submitted.find((one) => one?.name === name)?.value
  const value = (submitted as Record<string, unknown> | undefined)?.[name]
  return typeof value === 'string' ? value : undefined
}
