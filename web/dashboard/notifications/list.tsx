import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import './list.css'
import type { Notification as OwnNotification } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { addressOf } from '../data/filter.ts'
import { accountPath } from '../data/session.ts'
import { IconButton } from '../parts/icon-button.tsx'
import { closeOverlay, Overlay } from '../parts/overlay.tsx'
import { go } from '../router.ts'
import { strings } from '../strings.ts'
import { isoTime, shortTime } from '../times.ts'
import { listStrings as t } from './list-strings.ts'
import {
  notificationChanges,
  readImportNotifications,
  readNotifications,
  unreadNotifications,
} from './own.ts'

type ImportResult = NonNullable<OwnNotification['contact_import']>

interface Page {
  payload: OwnNotification[]
  meta: { unread_count: number; next: number | null }
}

/** What concerns the user, the newest first. The arrow keys move through it. */
export function NotificationList() {
  const shown = useSignal<readonly OwnNotification[] | undefined>(undefined)
  const next = useSignal<number | null>(null)
  const trouble = useSignal<string | undefined>(undefined)
  const list = useRef<HTMLUListElement>(null)
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work()
      trouble.value = undefined
    } catch (error) {
      trouble.value = (error as Error).message
    }
  }
  const load = (cursor?: number) =>
    attempt(async () => {
      const query = cursor === undefined ? '' : `?cursor=${cursor}`
      const { payload, meta } = await call<Page>(`${accountPath()}/notifications${query}`)
      unreadNotifications.value = meta.unread_count
      next.value = meta.next
      shown.value = cursor === undefined ? payload : [...(shown.peek() ?? []), ...payload]
    })
  // Whoever reads older ones must not lose them.
  useEffect(() => {
    if ((shown.peek()?.length ?? 0) <= 25) void load()
  }, [notificationChanges.value])
  const readAll = () =>
    attempt(async () => {
      await readNotifications()
      const now = Math.floor(Date.now() / 1000)
      shown.value = shown.peek()?.map((one) => ({ ...one, read_at: one.read_at ?? now }))
    })
  return (
    <Overlay name="notifications" label={t.title}>
      <header class="help-head">
        <h2>{t.title}</h2>
        <IconButton icon="close" name={strings.close} onClick={closeOverlay} />
      </header>
      <div class="own-actions">
        <button
          type="button"
          class="button-link"
          aria-disabled={unreadNotifications.value === 0}
          onClick={() => void readAll()}
        >
          {t.readAll}
        </button>
        <a href="/settings/notifications" onClick={closeOverlay}>
          {t.settings}
        </a>
      </div>
      <div class="own-list" role="alert">
        {trouble.value !== undefined && <p class="trouble">{strings.complaint(trouble.value)}</p>}
      </div>
      <ul class="own-list" ref={list} onKeyDown={(event) => moveFocus(event, list.current!)}>
        {shown.value?.map((one) => (
          <Item key={one.id} notification={one} />
        ))}
      </ul>
      {!shown.value && trouble.value === undefined && <p class="own-empty quiet">{strings.loading}</p>}
      {shown.value?.length === 0 && <p class="own-empty quiet">{t.none}</p>}
      {next.value !== null && (
        <button type="button" class="button-quiet own-more" onClick={() => void load(next.value!)}>
          {t.more}
        </button>
      )}
    </Overlay>
  )
}

function Item({ notification }: { notification: OwnNotification }) {
  const { primary_actor_id: id, primary_actor, contact_import, read_at } = notification
  const content = contact_import ? countsOf(contact_import) : notification.content
  const address = contact_import ? '/contacts/import' : addressOf(id)
  const open = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    closeOverlay()
    go(address)
    // Also if this conversation is open already.
    if (read_at === null)
      void (contact_import ? readImportNotifications() : readNotifications(id)).catch(() => {})
  }
  return (
    <li>
      <a class="own-item" href={address} data-unread={read_at === null || undefined} onClick={open}>
        <span class="own-head">
          {read_at === null && <span class="unseen">{t.unread}: </span>}
          <strong>
            <bdi>{contact_import?.file_name ?? (primary_actor?.contact.name || t.visitor)}</bdi>
            {!contact_import && <span class="quiet"> #{id}</span>}
          </strong>
          <time dateTime={isoTime(notification.last_activity_at)}>
            {shortTime(notification.last_activity_at)}
          </time>
        </span>
        <span>{sentenceOf(notification)}</span>
        {content && (
          <span class="own-content quiet" dir="auto">
            {content}
          </span>
        )}
      </a>
    </li>
  )
}

function countsOf({ stored_count, known_count, refused_count }: ImportResult): string {
  return t.importCounts(stored_count, known_count, refused_count)
}

function sentenceOf(notification: OwnNotification): string {
  const { notification_type, secondary_actor, contact_import, count } = notification
  const who = secondary_actor?.name ?? t.somebody
  switch (notification_type) {
    case 'conversation_creation':
      return t.created(count)
    case 'conversation_assignment':
      return t.assigned(who)
    case 'conversation_mention':
      return t.mentioned(who)
    case 'assigned_conversation_new_message':
      return t.messages(count)
    case 'participating_conversation_new_message':
      return t.followed(count)
    case 'import_finished':
      return t[contact_import!.dry_run ? 'checked' : 'imported'][contact_import!.status]
  }
}

function moveFocus(event: KeyboardEvent, list: HTMLElement): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (!step) return
  event.preventDefault()
  const links = [...list.querySelectorAll('a')]
  const at = links.indexOf(document.activeElement as HTMLAnchorElement)
  links[Math.min(links.length - 1, Math.max(0, at + step))]?.focus()
}
