import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { inboxes, labels, mailInboxes, teams, views } from '../data/directory.ts'
import { addressOf, type Filter, filter, specialLists } from '../data/filter.ts'
import { selectLoaded } from '../data/selection.ts'
import { Icon } from '../icons.tsx'
import { go } from '../router.ts'
import { strings } from '../strings.ts'
import { IconButton } from './icon-button.tsx'
import { useKeys } from './keys.ts'
import { ListTabs } from './list-tabs.tsx'
import { openMailDialog } from './mail-purpose.ts'
import { hiddenNarrowings, narrow } from './narrowings.ts'
import { type Option, Select } from './select.tsx'

const t = strings.list
const statuses = ['open', 'pending', 'snoozed', 'resolved', 'all'] as const

/** The filters of the list: search, status or view, inbox, team and label, and the tabs with their counts. */
export function ListFilters() {
  const { inbox, team, label } = filter.value
  const isNarrowed = Boolean(inbox || team || label)
  const isShown = useSignal(isNarrowed)
  return (
    <header class="list-head">
      <div class="list-line">
        <Search />
        <StatusOrView />
        <IconButton
          icon="filter"
          name={t.filters}
          controls="filters"
          isExpanded={isShown}
          isOn={isNarrowed}
          onClick={() => {
            isShown.value = !isShown.value
          }}
        />
        {mailInboxes().length > 0 && (
          <IconButton icon="edit" name={t.newMail} onClick={() => openMailDialog({ to: '' })} />
        )}
      </div>
      <div class="filters" id="filters" hidden={!isShown.value}>
        <Narrowing
          id="narrow-inbox"
          name={t.inbox}
          value={inbox}
          options={inboxes.value.map(named)}
          onChoose={(chosen) => narrow({ inbox: Number(chosen) || undefined })}
        />
        <Narrowing
          id="narrow-team"
          name={t.team}
          value={team}
          options={teams.value.map(named)}
          onChoose={(chosen) => narrow({ team: Number(chosen) || undefined })}
        />
        <Narrowing
          id="narrow-label"
          name={t.label}
          value={label}
          options={labels.value
            .filter(({ title, show_on_sidebar }) => show_on_sidebar || title === label)
            .map(({ title }) => ({ value: title, text: title }))}
          onChoose={(chosen) => narrow({ label: chosen || undefined })}
        />
        {isNarrowed && (
          <button
            type="button"
            class="button-link"
            onClick={() => narrow({ inbox: undefined, team: undefined, label: undefined })}
          >
            {t.clear}
          </button>
        )}
        <button type="button" class="button-link" onClick={selectLoaded}>
          {strings.bulk.selectLoaded}
        </button>
      </div>
      {!isShown.value && <HiddenFilters />}
      <ListTabs />
    </header>
  )
}

const toManage = 'manage'

/** The status of the conversations in the list, or a special list or a view that is shown instead. */
function StatusOrView() {
  const { status, view, specialList } = filter.value
  const special = specialLists.map((value) => ({ value, text: t.specialLists[value] }))
  const options = views.value.map(({ id, name }) => ({ value: `view ${id}`, text: name }))
  const choose = (chosen: string) => {
    const [, id] = chosen.split('view ')
    if (chosen === toManage) go('/settings/views')
    else if (id) narrow({ view: Number(id) })
    else if (specialLists.some((one) => one === chosen))
      narrow({ specialList: chosen as Filter['specialList'] })
    else narrow({ status: chosen as Filter['status'] })
  }
  return (
    <Select
      label={t.status}
      value={view ? `view ${view}` : (specialList ?? status)}
      options={statuses.map((value) => ({ value, text: t.statuses[value] }))}
      group={{ title: t.views, options: [...special, ...options, { value: toManage, text: t.manageViews }] }}
      onChoose={choose}
    />
  )
}

/** What the filters leave while they are collapsed; each can be removed. */
function HiddenFilters() {
  const all = hiddenNarrowings()
  if (all.length === 0) return null
  return (
    <ul class="chips hidden-filters" aria-label={t.filters}>
      {all.map(({ text, without }) => (
        <li key={text} class="chip">
          <span class="chip-title" title={text}>
            {text}
          </span>
          <button
            type="button"
            class="chip-remove"
            aria-label={t.removeFilter(text)}
            onClick={() => narrow(without)}
          >
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  )
}

function Search() {
  const field = useRef<HTMLInputElement>(null)
  const { q } = filter.value
  useKeys({ search: () => field.current!.focus() })
  // While somebody types, the address must not overwrite the field.
  useEffect(() => {
    if (document.activeElement !== field.current) field.current!.value = q
  }, [q])
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const search = (text: string, wait: number) => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => narrow({ q: text.trim() }), wait)
  }
  const open = (text: string) => {
    const [, number] = /^#([1-9]\d{0,14})$/.exec(text.trim()) ?? []
    clearTimeout(timer.current)
    narrow({ q: text.trim() })
    if (number !== undefined) go(addressOf(Number(number)))
  }
  return (
    <search class="search">
      <Icon name="search" />
      <input
        ref={field}
        type="search"
        id="search"
        placeholder={t.search}
        aria-label={t.search}
        maxLength={255}
        onInput={({ currentTarget }) => search(currentTarget.value, 250)}
        onKeyDown={({ key, currentTarget }) => {
          if (key === 'Enter') open(currentTarget.value)
        }}
      />
    </search>
  )
}

interface NarrowingProps {
  id: string
  name: string
  value: string | number | undefined
  options: readonly Option[]
  onChoose(value: string): void
}

function Narrowing({ id, name, ...choice }: NarrowingProps) {
  return (
    <label for={id}>
      <span>{name}</span>
      <Select id={id} {...choice} none={t.any} />
    </label>
  )
}

function named({ id, name }: { id: number; name: string }): Option {
  return { value: id, text: name }
}
