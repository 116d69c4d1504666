import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import './moves.css'
import type { Conversation, Message } from '../data/api-types.ts'
import { senderName } from '../data/contact-name.ts'
import { fetchLastMessages, fetchMergeable, mergeInto } from '../data/moves.ts'
import { IconButton } from '../parts/icon-button.tsx'
import { closeOverlay, Overlay } from '../parts/overlay.tsx'
import { preview } from '../preview.ts'
import { strings } from '../strings.ts'
import { shortTime } from '../times.ts'
import { movesStrings as t } from './strings.ts'

/** The dialog that merges another conversation of the contact into this one, after it has shown both. */
export function MergeDialog({ conversation }: { conversation: Conversation }) {
  const chosen = useSignal<Conversation | undefined>(undefined)
  const { value } = chosen
  return (
    <Overlay name="merge" label={t.title}>
      <header class="help-head">
        <h2>{value ? t.preview(value.id, conversation.id) : t.title}</h2>
        <IconButton icon="close" name={strings.close} onClick={closeOverlay} />
      </header>
      {value ? (
        <Preview
          into={conversation}
          merged={value}
          onBack={() => {
            chosen.value = undefined
          }}
        />
      ) : (
        <Choice
          conversation={conversation}
          onChoose={(one) => {
            chosen.value = one
          }}
        />
      )}
    </Overlay>
  )
}

function nameOf({ id, subject, last_message }: Conversation): string {
  return `#${id} ${subject || preview(last_message?.content, 120)}`
}

function Choice({
  conversation,
  onChoose,
}: {
  conversation: Conversation
  onChoose(one: Conversation): void
}) {
  const found = useSignal<readonly Conversation[] | undefined>(undefined)
  const next = useSignal<number | undefined>(undefined)
  const trouble = useSignal<string | undefined>(undefined)
  const text = useSignal('')
  const load = (page: number) =>
    fetchMergeable(conversation, page).then(
      ({ found: some, hasMore }) => {
        found.value = [...(found.value ?? []), ...some]
        next.value = hasMore ? page + 1 : undefined
      },
      (error: Error) => {
        trouble.value = error.message
      },
    )
  useEffect(() => void load(1), [])
  const typed = text.value.trim().toLowerCase()
  const matching = found.value?.filter((one) => nameOf(one).toLowerCase().includes(typed))
  return (
    <div class="merge">
      <input
        type="search"
        class="merge-search"
        dir="auto"
        autofocus
        aria-label={t.search}
        placeholder={t.search}
        value={text}
        onInput={({ currentTarget }) => {
          text.value = currentTarget.value
        }}
      />
      {!found.value && !trouble.value && <p class="quiet">{strings.loading}</p>}
      <div role="alert">{trouble.value && <p class="trouble">{strings.complaint(trouble.value)}</p>}</div>
      {matching?.length === 0 && (
        <p class="quiet" role="status">
          {found.value!.length === 0 ? t.none : t.noMatch}
        </p>
      )}
      <ul aria-label={t.choose}>
        {matching?.map((one) => (
          <li key={one.id}>
            <button type="button" class="snooze-choice" onClick={() => onChoose(one)}>
              <span class="earlier-status" data-status={one.status}>
                {strings.list.statuses[one.status]}
              </span>
              <bdi>{nameOf(one)}</bdi>
              <time class="quiet">{shortTime(one.last_activity_at)}</time>
            </button>
          </li>
        ))}
      </ul>
      {next.value !== undefined && (
        <button type="button" class="button-quiet" onClick={() => void load(next.value!)}>
          {t.more}
        </button>
      )}
    </div>
  )
}

function Preview({ into, merged, onBack }: { into: Conversation; merged: Conversation; onBack(): void }) {
  const merge = () => {
    closeOverlay()
    void mergeInto(into.id, merged.id)
  }
  return (
    <div class="merge">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard */}
      <section class="merge-both" aria-label={t.preview(merged.id, into.id)} tabIndex={0}>
        <Side title={t.stays} conversation={into} />
        <Side title={t.goes} conversation={merged} />
      </section>
      <p>{t.explanation(merged.id, into.id)}</p>
      <div class="buttons">
        <button type="button" class="button" ref={(button) => button?.focus()} onClick={merge}>
          {t.merge}
        </button>
        <button type="button" class="button-quiet" onClick={onBack}>
          {t.others}
        </button>
      </div>
    </div>
  )
}

// The last messages of each, which show whether it is the right one.
const mostShown = 4

function Side({ title, conversation }: { title: string; conversation: Conversation }) {
  const messages = useSignal<readonly Message[] | undefined>(undefined)
  useEffect(() => {
    fetchLastMessages(conversation.id, mostShown).then(
      (found) => {
        messages.value = found
      },
      () => {
        messages.value = []
      },
    )
  }, [conversation.id])
  return (
    <div class="merge-side">
      <h3>{title}</h3>
      <p>
        <bdi>{nameOf(conversation)}</bdi>
      </p>
      {!messages.value && <p class="quiet">{strings.loading}</p>}
      {messages.value?.length === 0 && <p class="quiet">{t.noMessages}</p>}
      <ul>
        {messages.value?.map((message) => (
          <li key={message.id} data-kind={message.private ? 'note' : undefined}>
            <span class="quiet">
              <bdi>{senderName(message)}</bdi> <time>{shortTime(message.created_at)}</time>
            </span>
            <bdi>{preview(message.content, 160)}</bdi>
          </li>
        ))}
      </ul>
    </div>
  )
}
