import { useSignal } from '@preact/signals'
import type { Inbox as Shape } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { attempt } from '../data/changes.ts'
import { loadDirectory } from '../data/directory.ts'
import { accountPath } from '../data/session.ts'
import { confirmAction } from '../parts/confirm-dialog.tsx'
import { go } from '../router.ts'
import { channelHint, isApi, isEmail } from './channels.ts'
import { firstMessageCommand } from './commands.ts'
import { CopyField } from './copy-field.tsx'
import { CheckboxField } from './fields.tsx'
import { Form } from './form.tsx'
import { changeInbox, InboxForm } from './inbox-fields.tsx'
import { Mailbox } from './mailbox.tsx'
import { Members } from './members.tsx'
import { Page, Section } from './page.tsx'
import { words } from './strings.ts'
import { VisitorLabels } from './visitor-labels.tsx'

const t = words.inboxes

/** One inbox: how to connect it, its settings and members. */
export function Inbox({ inbox, back }: { inbox: Shape; back: { to: string; name: string } }) {
  const { id, name, inbox_identifier, embed_script, hmac_token } = inbox
  const isGoing = useSignal(false)
  const remove = async () => {
    if (isGoing.value) return
    await attempt(async () => {
      const count = await countConversations(id)
      const text = count === 0 ? t.removeText : t.removeAllText(count)
      const typed = count === 0 ? undefined : name
      if (!(await confirmAction({ title: t.removeTitle(name), text, action: t.remove, typed }))) return
      // Thousands of conversations take a while.
      isGoing.value = true
      const force = count === 0 ? '' : '?force=true'
      await call(`${accountPath()}/inboxes/${id}${force}`, { method: 'DELETE' })
      go(back.to, { replace: true })
      await loadDirectory()
    })
    isGoing.value = false
  }
  return (
    <Page title={name} lead={channelHint(inbox)} back={back}>
      {isApi(inbox) && (
        <Section title={t.first} lead={t.firstLead}>
          <CopyField label={t.command} text={firstMessageCommand(inbox_identifier)} isLong />
          <p class="quiet">{t.identifierLead}</p>
          <CopyField label={t.identifier} text={inbox_identifier} />
        </Section>
      )}
      {embed_script && (
        <Section title={t.script} lead={t.scriptLead}>
          <CopyField label={t.script} text={embed_script} isLong />
        </Section>
      )}
      {isEmail(inbox) && <Mailbox inbox={inbox} />}
      <Section title={t.settings}>
        <InboxForm inbox={inbox} />
      </Section>
      <Section title={t.members} lead={t.membersLead}>
        <Members path={`${accountPath()}/inbox_members/${id}`} />
      </Section>
      {/* Channels that are closed to the client API have none. */}
      {hmac_token !== null && (
        <>
          <Section title={t.visitorLabels} lead={t.visitorLabelsLead}>
            <VisitorLabels inboxId={id} />
          </Section>
          <Identity inbox={inbox} />
        </>
      )}
      <Section title={t.remove} lead={t.removeLead}>
        <div class="buttons">
          <button
            type="button"
            class="button-quiet button-warn"
            aria-disabled={isGoing.value}
            onClick={() => void remove()}
          >
            {isGoing.value ? words.working : t.removeThis}
          </button>
        </div>
      </Section>
    </Page>
  )
}

async function countConversations(inboxId: number): Promise<number> {
  const { data } = await call<{ data: { meta: { all_count: number } } }>(
    `${accountPath()}/conversations?status=all&inbox_id=${inboxId}`,
  )
  return data.meta.all_count
}

/** The key that proves to the server who a visitor is. */
function Identity({ inbox: { id, hmac_mandatory, hmac_token } }: { inbox: Shape }) {
  const isMandatory = useSignal(hmac_mandatory)
  const isShown = useSignal(false)
  const rotate = async () => {
    if (!(await confirmAction({ title: t.rotateTitle, text: t.rotateText, action: t.rotate }))) return
    await attempt(async () => {
      await call(`${accountPath()}/inboxes/${id}/rotate_hmac_token`, { method: 'POST' })
      isShown.value = true
      await loadDirectory()
    })
  }
  const moreButtons = (
    <>
      <button
        type="button"
        class="button-quiet"
        aria-expanded={isShown}
        onClick={() => {
          isShown.value = !isShown.value
        }}
      >
        {isShown.value ? t.hideKey : t.showKey}
      </button>
      <button type="button" class="button-quiet" onClick={() => void rotate()}>
        {t.rotate}
      </button>
    </>
  )
  return (
    <Section title={t.identity} lead={t.identityLead}>
      <Form
        label={t.identity}
        action={words.save}
        work={() => changeInbox(id, { channel: { hmac_mandatory: isMandatory.value } })}
        moreButtons={moreButtons}
      >
        <CheckboxField
          name="channel.hmac_mandatory"
          label={t.isMandatory}
          hint={t.isMandatoryHint}
          value={isMandatory}
        />
        {isShown.value && hmac_token && <CopyField label={t.key} text={hmac_token} />}
      </Form>
    </Section>
  )
}
