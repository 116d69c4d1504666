import type { Message } from '../data/shapes.ts'
import { agentSeenAt } from '../data/thread.ts'
import { strings, timeText } from '../strings.ts'
import { Attachments } from './attachments.tsx'
import { Face } from './face.tsx'
import { Interactive } from './interactive.tsx'
import { Text } from './text.tsx'

interface Props {
  message: Message
  /** Of some that one person has said in a row. */
  isLast: boolean
  /** Nothing came after it. */
  isNewest: boolean
}

/** Something that was said. */
export function Said({ message, isLast, isNewest }: Props) {
  const { message_type, content, content_type, sender, attachments, created_at } = message
  const t = strings.value
  const isOwn = message_type === 'incoming'
  const name = sender?.name ?? t.team
  return (
    <div class="row" data-side={isOwn ? 'own' : 'team'} data-last={isLast || undefined}>
      {!isOwn &&
        (isLast ? <Face name={name} avatar_url={sender?.avatar_url ?? null} /> : <span class="no-face" />)}
      <div class="column">
        {(content || content_type !== 'text') && (
          <div class="bubble">
            <span class="unseen">{isOwn ? t.you : name}: </span>
            {content && <Text text={content} />}
            {!isOwn && <Interactive message={message} />}
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
