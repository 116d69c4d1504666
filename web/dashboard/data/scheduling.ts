import { call } from './call.ts'
import { attempt } from './changes.ts'
import { accountPath } from './session.ts'

/** A message that is sent later. */
export interface Later {
  content: string
  isPrivate: boolean
  /** Unix seconds. */
  sendAt: number
  /** Whether a message of the contact before that time cancels it. */
  isCancelledByReply: boolean
  /** Fields of `content_attributes`, such as the subject of a mail. */
  attributes: object
  /** The ids of canned responses whose files are sent, too. */
  canned: readonly number[]
  /** Whether the signature of the user follows. */
  isSigned: boolean
}

/** Schedules a message. Returns whether that worked. */
export function schedule(conversation: number, later: Later, files: readonly File[]): Promise<boolean> {
  const fields = {
    content: later.content,
    private: later.isPrivate,
    send_at: later.sendAt,
    cancel_if_contact_replies: later.isCancelledByReply,
    content_attributes: later.attributes,
    ...(later.canned.length > 0 ? { canned_response_ids: later.canned } : {}),
    ...(later.isSigned ? { append_signature: true } : {}),
  }
  return attempt(async () => {
    const path = `${accountPath()}/conversations/${conversation}/scheduled_messages`
    await call(path, {
      method: 'POST',
      body: files.length > 0 ? asForm(fields, files) : fields,
      timeout: 180_000,
    })
  })
}

function asForm(fields: object, files: readonly File[]): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields))
    form.append(name, typeof value === 'string' ? value : JSON.stringify(value))
  for (const file of files) form.append('attachments[]', file, file.name)
  return form
}
