import { useSignal } from '@preact/signals'
import type { CallError } from '../../shared/api.ts'
import { writeInto } from '../canned/slash-state.ts'
import type { Proposal } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { complaint } from '../data/changes.ts'
import { agents } from '../data/directory.ts'
import { accountPath } from '../data/session.ts'
import { Icon } from '../icons.tsx'
import { list } from '../language.ts'
import { actionNames } from '../macros/action-names.ts'
import { keyText, useKeys } from '../parts/keys.ts'
import { MessageText } from '../parts/text.tsx'
import { strings } from '../strings.ts'
import { preparedStrings as t } from './strings.ts'

interface Props {
  proposal: Proposal
  /** Whether the keys are about this one. */
  hasKeys: boolean
  onDecided(): void
}

/** A proposed reply, which the user sends, edits or refuses. */
export function ProposalCard({ proposal, hasKeys, onDecided }: Props) {
  const { id, conversation_id, content, sources, actions, attachments, status } = proposal
  const form = useSignal<'edit' | 'refuse' | undefined>(undefined)
  const isWorking = useSignal(false)
  const mayBeSent = status === 'pending'
  const decide = async (what: 'approve' | 'refuse', body: object) => {
    if (isWorking.value) return
    isWorking.value = true
    try {
      const path = `${accountPath()}/conversations/${conversation_id}/proposals/${id}/${what}`
      await call(path, { method: 'POST', body })
      complaint.value = undefined
    } catch (error) {
      const { code, message } = error as CallError
      complaint.value = code === 'stale' ? t.stale : code === 'conflict' ? t.decided : message
    }
    isWorking.value = false
    onDecided()
  }
  const send = () => void decide('approve', {})
  const open = (which: 'edit' | 'refuse') => () => {
    form.value = which
  }
  const copy = () => {
    const field = document.querySelector<HTMLTextAreaElement>('#composer')!
    field.focus()
    writeInto(field, content)
    form.value = 'refuse'
  }
  const keys = { ...(mayBeSent ? { approve: send, edit: open('edit') } : {}), refuse: open('refuse') }
  useKeys(hasKeys && !form.value ? keys : {})
  return (
    <article class="prepared-card" data-kind="proposal" data-status={status}>
      <header>
        <Icon name="bolt" />
        <h2>
          {t.proposal} {proposerText(proposal)}
        </h2>
      </header>
      {form.value !== 'edit' && <MessageText text={content} />}
      {sources.length > 0 && (
        <p class="quiet">
          {t.sources}:{' '}
          {sources.map(({ title, url }, index) => (
            <span key={index}>
              {index > 0 && ', '}
              {url ? (
                <a href={url} target="_blank" rel="noopener noreferrer nofollow">
                  {title}
                </a>
              ) : (
                title
              )}
            </span>
          ))}
        </p>
      )}
      {attachments.length > 0 && <p class="quiet">{attachments.map((file) => file.file_name).join(', ')}</p>}
      {actions.length > 0 && (
        <p class="quiet">
          {t.actions}: {list(actions.map(({ action_name }) => actionNames[action_name]))}
        </p>
      )}
      {(status === 'stale' || status === 'expired') && <p class="prepared-warning">{t[status]}</p>}
      {form.value === 'edit' && (
        <TextForm
          label={t.editLabel}
          text={content}
          rows={4}
          action={t.send}
          onSend={(text) => void decide('approve', { content: text })}
          onEnd={() => (form.value = undefined)}
        />
      )}
      {form.value === 'refuse' && (
        <TextForm
          label={t.reason}
          text=""
          rows={1}
          action={t.refuse}
          onSend={(reason) => void decide('refuse', { reason: reason.trim() || t.noReason })}
          onEnd={() => (form.value = undefined)}
        />
      )}
      {!form.value && (
        <div class="buttons">
          {mayBeSent ? (
            <>
              <button
                type="button"
                class="button button-small"
                aria-disabled={isWorking.value}
                onClick={send}
              >
                {t.send} {hasKeys && <kbd>{keyText('approve')}</kbd>}
              </button>
              <button type="button" class="button-quiet button-small" onClick={open('edit')}>
                {t.edit} {hasKeys && <kbd>{keyText('edit')}</kbd>}
              </button>
            </>
          ) : (
            <button type="button" class="button-quiet button-small" onClick={copy}>
              {t.copy}
            </button>
          )}
          <button type="button" class="button-quiet button-small" onClick={open('refuse')}>
            {t.refuse} {hasKeys && <kbd>{keyText('refuse')}</kbd>}
          </button>
        </div>
      )}
    </article>
  )
}

function proposerText({ actor: { type, id } }: Proposal): string {
  const agent = type === 'user' ? agents.value.find((one) => one.id === id) : undefined
  return agent ? t.by(agent.name) : t.of[type]
}

interface TextFormProps {
  label: string
  text: string
  rows: number
  action: string
  onSend(text: string): void
  onEnd(): void
}

/** A field for one text. A single line is sent with Enter, several with Ctrl+Enter. */
function TextForm({ label, text, rows, action, onSend, onEnd }: TextFormProps) {
  const value = useSignal(text)
  return (
    <form
      class="prepared-form"
      onSubmit={(event) => {
        event.preventDefault()
        onSend(value.value)
      }}
    >
      <label>
        {label}
        <textarea
          rows={rows}
          dir="auto"
          value={value}
          ref={(field) => {
            if (field && !field.dataset.shown) field.focus()
            if (field) field.dataset.shown = 'yes'
          }}
          onInput={({ currentTarget }) => {
            value.value = currentTarget.value
          }}
          onKeyDown={(event) => {
            if (event.key === 'Escape') onEnd()
            const sends = rows === 1 ? !event.shiftKey : event.ctrlKey || event.metaKey
            if (event.key !== 'Enter' || event.isComposing || !sends) return
            event.preventDefault()
            onSend(value.value)
          }}
        />
      </label>
      <div class="buttons">
        <button type="submit" class="button button-small">
          {action}
        </button>
        <button type="button" class="button-quiet button-small" onClick={onEnd}>
          {strings.cancel}
        </button>
      </div>
    </form>
  )
}
