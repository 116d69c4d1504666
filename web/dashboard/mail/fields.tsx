import { useId, useLayoutEffect, useRef } from 'preact/hooks'
import type { MailDraft } from '../data/mail-draft.ts'
import { cachedThread } from '../data/thread.ts'
import { IconButton } from '../parts/icon-button.tsx'
import { mailOf } from './mail.ts'
import { mailStrings as t } from './strings.ts'
import './mail.css'

export interface FieldsProps {
  conversation: number
  /** undefined while they are hidden. */
  draft: MailDraft | undefined
  /** The field whose addresses were refused, and the first of them that is wrong; another object each time. */
  wrong: { field: keyof MailDraft; address: string } | undefined
  /** The address of the contact. */
  to: string | null
  /** The subject of the conversation. */
  subject: string | null
  onChange(draft: MailDraft | undefined): void
}

/** To whom a reply by mail goes, and on request the fields for Cc, Bcc and the subject. */
export function MailFields({ conversation, draft, wrong, to, subject, onChange }: FieldsProps) {
  const group = useRef<HTMLDivElement>(null)
  const wasHidden = useRef(false)
  useLayoutEffect(() => {
    if (draft && wasHidden.current) group.current?.querySelector('input')?.focus()
    wasHidden.current = !draft
  }, [draft === undefined])
  useLayoutEffect(() => {
    group.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus()
  }, [wrong])
  const others = copiedPeople(conversation, to)
  if (!draft) {
    return (
      <p class="mail-to">
        {to && (
          <span>
            {t.to} <bdi>{to}</bdi>
          </span>
        )}
        <button
          type="button"
          class="button-link"
          aria-expanded="false"
          onClick={() => onChange({ cc: '', bcc: '', subject: '' })}
        >
          {t.moreFields}
        </button>
        {others.length > 0 && (
          <button
            type="button"
            class="button-link"
            onClick={() => onChange({ cc: others.join(', '), bcc: '', subject: '' })}
          >
            {t.replyToAll(others.length + 1)}
          </button>
        )}
      </p>
    )
  }
  const field = (name: keyof MailDraft, placeholder: string) => (
    <Field
      name={name}
      placeholder={placeholder}
      value={draft[name]}
      wrong={wrong?.field === name ? wrong : undefined}
      onInput={(value) => onChange({ ...draft, [name]: value })}
    />
  )
  return (
    <div class="mail-fields" ref={group}>
      {field('cc', t.ccHint)}
      {field('bcc', t.bccHint)}
      {field('subject', subject ?? '')}
      <IconButton icon="close" name={t.removeFields} onClick={() => onChange(undefined)} />
    </div>
  )
}

/**
 * Who has got the newest mail of the conversation, except for the contact and the inbox: a reply goes to them only if an
 * agent wants it.
 */
function copiedPeople(conversation: number, contact: string | null): string[] {
  const messages = cachedThread(conversation)?.messages.value ?? []
  const newest = messages.findLast((message) => mailOf(message))
  if (!newest) return []
  const { to = [], cc = [], inbox_addresses = [] } = mailOf(newest)!
  // What an agent has forwarded to somebody does not concern them any further.
  const people = newest.message_type === 'incoming' ? [...to, ...cc] : cc
  const addresses = new Set(people.map(({ address }) => address))
  return [...addresses].filter((one) => one !== contact && !inbox_addresses.includes(one))
}

interface FieldProps {
  name: keyof MailDraft
  value: string
  placeholder: string
  wrong: FieldsProps['wrong']
  onInput(value: string): void
}

function Field({ name, value, placeholder, wrong, onInput }: FieldProps) {
  const id = useId()
  return (
    <>
      <label for={id}>{t[name]}</label>
      <input
        id={id}
        // Not `email`, which refuses names and international addresses.
        type="text"
        inputMode={name === 'subject' ? 'text' : 'email'}
        autocomplete="off"
        dir={name === 'subject' ? 'auto' : 'ltr'}
        maxLength={name === 'subject' ? 998 : 10_000}
        placeholder={placeholder}
        value={value}
        aria-invalid={wrong === undefined ? undefined : true}
        aria-describedby={wrong === undefined ? undefined : `${id}error`}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
        // Enter in a line of the head must not send a mail that is not written yet.
        onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
      />
      {wrong !== undefined && (
        <small class="mail-wrong" id={`${id}error`} role="alert">
          {t.wrongAddress(wrong.address)}
        </small>
      )}
    </>
  )
}
