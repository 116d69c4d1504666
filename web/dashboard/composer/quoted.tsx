import { senderName } from '../data/contact-name.ts'
import { quotableIn, quoteNothing } from '../data/quoting.ts'
import { Icon } from '../icons.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { previewOf } from '../parts/quote.tsx'
import { writingStrings as t } from './writing-strings.ts'

/** The message that the next reply answers. */
export function Quoted({ conversation, isPrivate }: { conversation: number; isPrivate: boolean }) {
  const message = quotableIn(conversation, isPrivate)
  if (!message) return null
  const text = `${t.answers(senderName(message))}: ${previewOf(message)}`
  return (
    <p class="composer-quote">
      <Icon name="quote" />
      <bdi title={text}>{text}</bdi>
      <IconButton icon="close" name={t.answersNothing} onClick={() => quoteNothing(conversation)} />
    </p>
  )
}
