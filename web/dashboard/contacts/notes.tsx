import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { CallError } from '../../shared/api.ts'
import type { ContactNote } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { attempt } from '../data/changes.ts'
import { hear } from '../data/live.ts'
import { accountPath, isAdministrator, profile } from '../data/session.ts'
import { confirmAction } from '../parts/confirm-dialog.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { Section } from '../settings/page.tsx'
import { strings } from '../strings.ts'
import { wholeTime } from '../times.ts'
import { contactWords as t } from './strings.ts'

/** The notes about a contact, newest first, with a field for another one. */
export function Notes({ contact }: { contact: number }) {
  const notes = useSignal<readonly ContactNote[] | undefined>(undefined)
  const next = useSignal<number | null>(null)
  const path = `${accountPath()}/contacts/${contact}/notes`
  const load = async (before?: number) => {
    const query = before === undefined ? '' : `?before_id=${before}`
    const page = await call<{ payload: ContactNote[]; meta: { before_id: number | null } }>(path + query)
    notes.value = before === undefined ? page.payload : [...(notes.value ?? []), ...page.payload]
    next.value = page.meta.before_id
  }
  useEffect(() => {
    const reload = () => void load().catch(() => {})
    reload()
    return hear({
      contactNote: (about) => {
        if (about === contact) reload()
      },
      reset: reload,
    })
  }, [contact])
  const add = async (content: string) => {
    await call(path, { method: 'POST', body: { content } })
    await load()
  }
  return (
    <Section title={t.notes} lead={t.notesLead}>
      <NoteForm label={t.newNote} action={t.addNote} work={add} />
      {!notes.value && <p class="quiet">{strings.loading}</p>}
      {notes.value?.length === 0 && <p class="quiet">{t.noNotes}</p>}
      <ul class="notes">
        {notes.value?.map((note) => (
          <Note key={note.id} note={note} path={`${path}/${note.id}`} reload={() => load()} />
        ))}
      </ul>
      {next.value !== null && (
        <div class="buttons">
          <button type="button" class="button-quiet" onClick={() => void attempt(() => load(next.value!))}>
            {t.more}
          </button>
        </div>
      )}
    </Section>
  )
}

function Note({ note, path, reload }: { note: ContactNote; path: string; reload(): Promise<void> }) {
  const isEditing = useSignal(false)
  const { content, user, created_at } = note
  const mayChange = user.id === profile.value?.id || isAdministrator.value
  const change = async (text: string) => {
    await call(path, { method: 'PATCH', body: { content: text } })
    isEditing.value = false
    await reload()
  }
  const remove = async () => {
    const question = { title: t.deleteNoteTitle, text: t.deleteNoteText, action: t.deleteNote }
    if (!(await confirmAction(question))) return
    await attempt(async () => {
      await call(path, { method: 'DELETE' })
      await reload()
    })
  }
  return (
    <li class="note">
      <div class="note-head">
        <small class="quiet">
          <bdi>{t.noteBy(user.name, wholeTime(created_at))}</bdi>
        </small>
        {mayChange && !isEditing.value && (
          <>
            <IconButton
              icon="edit"
              name={t.editNote}
              onClick={() => {
                isEditing.value = true
              }}
            />
            <IconButton icon="trash" name={t.deleteNote} onClick={() => void remove()} />
          </>
        )}
      </div>
      {isEditing.value ? (
        <NoteForm
          label={t.editNote}
          action={t.saveNote}
          text={content}
          work={change}
          onCancel={() => {
            isEditing.value = false
          }}
        />
      ) : (
        <p class="note-text" dir="auto">
          {content}
        </p>
      )}
    </li>
  )
}

interface NoteFormProps {
  label: string
  action: string
  text?: string
  work(content: string): Promise<void>
  onCancel?(): void
}

function NoteForm({ label, action, text = '', work, onCancel }: NoteFormProps) {
  const content = useSignal(text)
  const isWorking = useSignal(false)
  const trouble = useSignal<string | undefined>(undefined)
  const submit = async () => {
    if (isWorking.value || content.value.trim() === '') return
    isWorking.value = true
    try {
      await work(content.value.trim())
      content.value = ''
      trouble.value = undefined
    } catch (error) {
      trouble.value = error instanceof CallError ? error.message : String(error)
    }
    isWorking.value = false
  }
  return (
    <form
      class="note-form"
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <textarea
        aria-label={label}
        placeholder={label}
        rows={2}
        dir="auto"
        maxLength={10_000}
        value={content.value}
        onInput={({ currentTarget }) => {
          content.value = currentTarget.value
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void submit()
          if (event.key !== 'Escape' || !onCancel) return
          event.stopPropagation()
          onCancel()
        }}
      />
      {trouble.value !== undefined && (
        <p class="trouble" role="alert">
          {trouble.value}
        </p>
      )}
      <div class="buttons">
        <button type="submit" class="button button-small" aria-disabled={isWorking.value}>
          {action}
        </button>
        {onCancel && (
          <button type="button" class="button-quiet button-small" onClick={onCancel}>
            {strings.cancel}
          </button>
        )}
      </div>
    </form>
  )
}
