import type { Conversation } from '../data/api-types.ts'
import { preview } from '../preview.ts'
import { strings } from '../strings.ts'
import { shortTime } from '../times.ts'

interface Props {
  conversation: Conversation
  href: string
  /** The name of the contact, if the list has conversations of several. */
  name?: string
}

/** A conversation in a list of those of a contact or a company: its status, how it begins, and its last activity. */
export function ConversationLink({ conversation, href, name }: Props) {
  const { id, status, subject, last_message, last_activity_at } = conversation
  const text = subject || preview(last_message?.content, 120) || `#${id}`
  return (
    <li>
      <a href={href}>
        <span class="earlier-status" data-status={status}>
          {strings.list.statuses[status]}
        </span>
        <bdi>{name === undefined ? text : `${name}: ${text}`}</bdi>
        <time>{shortTime(last_activity_at)}</time>
      </a>
    </li>
  )
}
