import { useEffect } from 'preact/hooks'
import type { Mailbox as Shape } from '../../../src/features/channels/email/schema.ts'
import type { Inbox } from '../data/api-types.ts'
import { accountPath } from '../data/session.ts'
import { Icon } from '../icons.tsx'
import { wholeTime } from '../times.ts'
import { CopyField } from './copy-field.tsx'
import { DkimRecord } from './dkim.tsx'
import { emailWords } from './email-strings.ts'
import { FetchStatus } from './fetch-status.tsx'
import { Section } from './page.tsx'
import { useFetch } from './use-fetch.ts'

const t = emailWords.mailbox

/** Whether the mails of an inbox arrive, or where its mail server has to deliver them; and what has to be in the DNS. */
export function Mailbox({ inbox }: { inbox: Inbox }) {
  const hasMailbox = Boolean((inbox.channel_settings as { imap?: object | null } | null)?.imap)
  const fetched = useFetch<Shape>(`${accountPath()}/inboxes/${inbox.id}/mailbox`)
  const mailbox = fetched.value.value
  // Its settings were changed.
  useEffect(() => {
    if (mailbox) void fetched.reload()
  }, [inbox])
  const { delivery } = emailWords
  return (
    <>
      {!hasMailbox && (
        <Section title={delivery.title} lead={delivery.lead}>
          <CopyField
            label={delivery.address}
            text={`${location.origin}/channels/email/${inbox.inbox_identifier}/inbound`}
          />
        </Section>
      )}
      <Section title={t.title} lead={t.lead}>
        {mailbox ? <Health mailbox={mailbox} hasMailbox={hasMailbox} /> : <FetchStatus fetched={fetched} />}
        <div class="buttons">
          <button type="button" class="button-quiet" onClick={() => void fetched.reload()}>
            {t.refresh}
          </button>
        </div>
      </Section>
      {mailbox?.dkim_record && <DkimRecord record={mailbox.dkim_record} />}
    </>
  )
}

function Health({ mailbox, hasMailbox }: { mailbox: Shape; hasMailbox: boolean }) {
  const { state, error, failing_since, connected_at, received_at } = mailbox
  return (
    <div role="status">
      {hasMailbox && state === 'waiting' && <p>{t.waiting}</p>}
      {hasMailbox && state === 'connected' && connected_at !== null && (
        <p class="done">
          <Icon name="check" /> {t.connected(wholeTime(connected_at))}
        </p>
      )}
      {hasMailbox && state === 'failing' && (
        <>
          <p class="field-error">
            <Icon name="warning" /> {failing_since !== null && t.failing(wholeTime(failing_since))}
          </p>
          <p>
            <bdi>{error}</bdi> {t.retried}
          </p>
        </>
      )}
      <p class="quiet">{received_at === null ? t.nothing : t.received(wholeTime(received_at))}</p>
    </div>
  )
}
