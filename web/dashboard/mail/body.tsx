import { useSignal } from '@preact/signals'
import type { Message } from '../data/api-types.ts'
import { addressOf } from '../data/filter.ts'
import { accountPath } from '../data/session.ts'
import { Icon } from '../icons.tsx'
import { MessageText, Text } from '../parts/text.tsx'
import { type Mail, mailOf } from './mail.ts'
import { Original } from './original.tsx'
import { People } from './people.tsx'
import { mailStrings as t } from './strings.ts'
import './mail.css'

/** What a message of the e-mail channel shows: its text first; quotes, the HTML and the raw mail when somebody asks. */
export function MailBody({ message }: { message: Message }) {
  const mail = mailOf(message) ?? {}
  const isOriginalShown = useSignal(false)
  const path = `${accountPath()}/conversations/${message.conversation_id}/messages/${message.id}/email`
  const isIncoming = message.message_type === 'incoming'
  return (
    <>
      {mailOf(message) && <People mail={mail} isIncoming={isIncoming} />}
      <Origin message={message} mail={mail} />
      {mail.linked_conversation_id !== undefined && (
        <p class="mail-linked">
          <a href={addressOf(mail.linked_conversation_id)}>{t.linked(mail.linked_conversation_id)}</a>
        </p>
      )}
      {isOriginalShown.value ? (
        <Original path={path} message={message} />
      ) : (
        <>
          {message.content && <Content text={message.content} isIncoming={isIncoming} />}
          {mail.truncated && <p class="mail-hint">{t.truncated}</p>}
          <Folded mail={mail} />
        </>
      )}
      {mail.files_omitted !== undefined && <p class="mail-hint">{t.filesOmitted(mail.files_omitted)}</p>}
      {isIncoming && (
        <p class="mail-actions">
          {mail.has_html && (
            <button
              type="button"
              class="button-link"
              aria-expanded={isOriginalShown.value}
              onClick={() => (isOriginalShown.value = !isOriginalShown.value)}
            >
              {isOriginalShown.value ? t.hideOriginal : t.showOriginal}
            </button>
          )}
          <a href={`${path}/raw`} download={`${message.id}.eml`}>
            {t.raw}
          </a>
        </p>
      )}
    </>
  )
}

/** Says that a program has written the mail, or that it forwards another message. */
function Origin({ message, mail }: { message: Message; mail: Mail }) {
  const { automatic, forwarded_message_id } = message.content_attributes
  const sign = automatic === true ? t.automaticReply : mail.automatic && signOf(mail.automatic)
  return (
    <>
      {sign && (
        <p class="mail-automatic">
          <Icon name="bolt" /> {sign}
        </p>
      )}
      {typeof forwarded_message_id === 'number' && (
        <p class="mail-linked">
          <a href={addressOf(message.conversation_id, forwarded_message_id)}>{t.forwarded}</a>
        </p>
      )}
    </>
  )
}

function signOf(reason: string): string {
  const signs: Record<string, string> = t.automatic
  return signs[reason] ?? t.automatic['auto-submitted']
}

/** Our own mails are Markdown; those of others are plain text, in which the same signs mean other things. */
function Content({ text, isIncoming }: { text: string; isIncoming: boolean }) {
  if (!isIncoming) return <MessageText text={text} />
  return (
    <p class="message-text" dir="auto">
      <Text text={text} />
    </p>
  )
}

/** The quoted text and the signature, behind a button. */
function Folded({ mail: { quoted, signature } }: { mail: Mail }) {
  const isShown = useSignal(false)
  if (!quoted && !signature) return null
  const what = quoted && signature ? 'both' : quoted ? 'quoted' : 'signature'
  const name = isShown.value ? t.folds[what] : t.folded[what]
  return (
    <>
      <button
        type="button"
        class="mail-fold"
        aria-label={name}
        title={name}
        aria-expanded={isShown.value}
        onClick={() => (isShown.value = !isShown.value)}
      >
        …
      </button>
      {isShown.value && (
        <div class="mail-folded">
          {[signature, quoted].map(
            (text, index) =>
              text && (
                <p key={index} class="message-text" dir="auto">
                  <Text text={text} />
                </p>
              ),
          )}
        </div>
      )}
    </>
  )
}
