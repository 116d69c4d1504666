import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import { CallError } from '../../shared/api.ts'
import { Dialog } from '../../shared/dialog.tsx'
import { randomKey } from '../../shared/outbox.ts'
import type { Message } from '../data/api-types.ts'
import { beginConversation } from '../data/begin-conversation.ts'
import { mailInboxes } from '../data/directory.ts'
import { addressOf, filter } from '../data/filter.ts'
import { addressesIn, wrongAddress } from '../data/mail-draft.ts'
import { post } from '../data/outbox.ts'
import { newConversation, pendingFilesOf } from '../data/pending-files.ts'
import { account } from '../data/session.ts'
import { type MailPurpose, mailPurpose } from '../parts/mail-purpose.ts'
import { go } from '../router.ts'
import { SelectField, TextField } from '../settings/fields.tsx'
import { Form } from '../settings/form.tsx'
import { strings } from '../strings.ts'
import { mailOf } from './mail.ts'
import { NewMailFiles } from './new-mail-files.tsx'
import { mailStrings } from './strings.ts'
import './mail.css'
import '../settings/style/forms.css'

const t = mailStrings.dialog

/** The dialog that forwards a message, or begins a conversation by mail. */
export function MailDialog({ purpose }: { purpose: MailPurpose }) {
  const isForward = 'forwarded' in purpose
  return (
    <Dialog class="confirm mail-dialog" labelledBy="mail-title" onClose={() => closeIf(purpose)}>
      <h2 id="mail-title">{isForward ? t.forward : t.begin}</h2>
      {isForward ? <Forward message={purpose.forwarded} /> : <Begin to={purpose.to} />}
    </Dialog>
  )
}

/** It may already be open for something else. */
function closeIf(purpose: MailPurpose): void {
  if (mailPurpose.value === purpose) mailPurpose.value = undefined
}

function close(): void {
  mailPurpose.value = undefined
}

function Forward({ message }: { message: Message }) {
  const fields = useFields('', t.forwardText)
  const { content, attachments, conversation_id, id } = message
  const send = async () => {
    const to_emails = addressesOf('to', fields.to.value)
    const attributes = { ...headOf(fields), to_emails, forwarded_message_id: id }
    const to = { account: account.value!.id, conversation: conversation_id }
    post({ ...to, content: textOf(fields), isPrivate: false, attributes }, [])
    close()
  }
  const files = attachments.map(({ file_name }) => file_name).join(', ')
  return (
    <Form label={t.forward} action={t.send} work={send} moreButtons={<Cancel />}>
      <Head fields={fields} toHint={t.forwardToHint} subject={`Fwd: ${mailOf(message)?.subject ?? ''}`} />
      <TextField name="text" label={t.text} value={fields.text} rows={4} />
      <div class="mail-forwarded">
        {content && (
          <p class="message-text" dir="auto">
            {content.slice(0, 2000)}
          </p>
        )}
        {files && <p>{files}</p>}
      </div>
    </Form>
  )
}

function Begin({ to }: { to: string }) {
  const fields = useFields(to, '')
  const inboxes = mailInboxes()
  const chosen = inboxes.find(({ id }) => id === filter.value.inbox) ?? inboxes[0]
  const inbox = useSignal(String(chosen?.id))
  const key = useMemo(randomKey, [])
  const { files } = pendingFilesOf(newConversation)
  const sent = useSignal<number | undefined>(undefined)
  const send = async () => {
    const mail = {
      inbox: Number(inbox.value),
      to: addressesOf('to', fields.to.value),
      attributes: headOf(fields),
      content: files.value.length > 0 ? fields.text.value : textOf(fields),
      files: files.value,
    }
    const onProgress = (share: number) => {
      sent.value = share
    }
    const id = await beginConversation({ ...mail, key, onProgress }).catch((error: CallError) => {
      sent.value = undefined
      throw error.code === 'idempotency_key_reused' ? new CallError(422, t.alreadySent) : error
    })
    close()
    go(addressOf(id))
  }
  return (
    <Form label={t.begin} action={t.send} work={send} moreButtons={<Cancel />}>
      {inboxes.length > 1 && (
        <SelectField
          name="inbox_id"
          label={t.inbox}
          value={inbox}
          options={inboxes.map(({ id, name }) => ({ value: String(id), text: name }))}
        />
      )}
      <Head fields={fields} toHint={t.toHint} />
      <TextField name="text" label={t.text} value={fields.text} rows={8} />
      <NewMailFiles sent={sent.value} />
    </Form>
  )
}

/** The fields of both. A hook. */
function useFields(to: string, text: string) {
  return { to: useSignal(to), cc: useSignal(''), subject: useSignal(''), text: useSignal(text) }
}
type Fields = ReturnType<typeof useFields>

function Head({ fields, toHint, subject }: { fields: Fields; toHint: string; subject?: string }) {
  const isForward = subject !== undefined
  return (
    <>
      <TextField name="to" label={t.to} hint={toHint} value={fields.to} placeholder="name@example.com" />
      <TextField name="cc" label={t.cc} value={fields.cc} isOptional />
      <TextField
        name="subject"
        label={t.subject}
        value={fields.subject}
        placeholder={subject}
        isOptional={isForward}
      />
    </>
  )
}

function Cancel() {
  return (
    <button type="button" class="button-quiet" onClick={close}>
      {strings.cancel}
    </button>
  )
}

/** The fields of `content_attributes` for Cc and the subject. Throws a CallError for a wrong address. */
function headOf({ cc, subject }: Fields): { subject?: string; cc_emails?: string[] } {
  const cc_emails = cc.value.trim() === '' ? [] : addressesOf('cc', cc.value)
  return {
    ...(subject.value.trim() === '' ? {} : { subject: subject.value.trim() }),
    ...(cc_emails.length > 0 ? { cc_emails } : {}),
  }
}

/** The addresses in a field. Throws a CallError if it has none, or one of them is wrong. */
function addressesOf(field: 'to' | 'cc', text: string): string[] {
  const addresses = addressesIn(text)
  if (addresses.length === 0) throw wrong(field, t.required)
  const other = wrongAddress(text)
  if (other !== undefined) throw wrong(field, t.wrongAddress(other))
  return addresses
}

function textOf({ text }: Fields): string {
  if (text.value.trim() === '') throw wrong('text', t.required)
  return text.value
}

/** An error at a field, as the server would say it. */
function wrong(field: string, message: string): CallError {
  return new CallError(422, message, 0, { errors: [{ field, message, code: 'not_allowed' }] })
}
