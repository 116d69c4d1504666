import type { Message } from '../data/api-types.ts'
import { agentSeenAt } from '../data/thread.ts'
import { strings, timeText } from '../strings.ts'
import { Attachments } from './attachments.tsx'
import { Avatar } from './avatar.tsx'
import { Lazy } from './lazy.tsx'
import { Text } from './text.tsx'

const loadQuote = () => import('../on-demand/formatted.ts').then(({ Quote }) => Quote)
const loadInteractive = () => import('../on-demand/interactive.tsx').then(({ Interactive }) => Interactive)

interface Props {
  message: Message
  /** Whether it is the last of a group of messages by one person. */
  isLast: boolean
  /** Whether it is the newest message. */
  isNewest: boolean
}

/** A message with its sender and time. */
export function MessageRow({ message, isLast, isNewest }: Props) {
  const { message_type, content, content_type, sender, attachments, created_at, conversation_id } = message
  const answered = message.content_attributes.in_reply_to
  const t = strings.value
  const isOwn = message_type === 'incoming'
  const name = sender?.name ?? t.team
  return (
    <div class="row" data-side={isOwn ? 'own' : 'team'} data-last={isLast || undefined}>
      {!isOwn &&
        (isLast ? (
          <Avatar name={name} avatar_url={sender?.avatar_url ?? null} />
        ) : (
          <span class="no-avatar" />
        ))}
      <div class="column">
        {(content || content_type !== 'text') && (
          <div class="bubble">
            <span class="unseen">{isOwn ? t.you : name}: </span>
            {typeof answered === 'number' && (
              <Lazy load={loadQuote} props={{ conversation: conversation_id, id: answered }} />
            )}
            {content && <Text text={content} />}
            {!isOwn && content_type !== 'text' && (
              <Lazy load={loadInteractive} props={{ message }} otherwise={t.failed} />
            )}
          </div>
        )}
        <Attachments attachments={attachments} />
        {isLast && (
          <p class="meta">
            {!isOwn && (
              <>
                <bdi>{name}</bdi> ·{' '}
              </>
            )}
            <time dateTime={new Date(created_at * 1000).toISOString()}>{timeText(created_at)}</time>
            {isOwn && isNewest && <> · {agentSeenAt.value >= created_at ? t.seen : t.sent}</>}
          </p>
        )}
      </div>
    </div>
  )
}
