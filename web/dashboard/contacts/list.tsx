import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Contact } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { contactInitials, contactName } from '../data/contact-name.ts'
import { hear } from '../data/live.ts'
import { accountPath, isAdministrator } from '../data/session.ts'
import { Icon } from '../icons.tsx'
import { Avatar } from '../parts/avatar.tsx'
import { LabelChip } from '../parts/label-chip.tsx'
import { go, openContact } from '../router.ts'
import { strings } from '../strings.ts'
import { shortTime } from '../times.ts'
import { FilterPanel } from './filter-panel.tsx'
import {
  addressFor,
  isLoading,
  listed,
  loadList,
  loadMore,
  type Sort,
  search,
  takeContact,
  trouble,
  wanted,
} from './list-state.ts'
import { PeopleTabs } from './people-tabs.tsx'
import { contactWords as t } from './strings.ts'

/** The contacts, with a search, an order and a filter. */
export function ContactList() {
  useEffect(() => void loadList(), [search.value])
  useEffect(
    () =>
      hear({
        contact: (id) => void takeChange(id),
        reset: () => void loadList(),
      }),
    [],
  )
  return (
    <section class="contacts-list" id="contacts" aria-label={t.title} tabIndex={-1}>
      <Head />
      <div class="contacts-scroll" aria-busy={isLoading.value}>
        {trouble.value !== undefined && (
          <p class="trouble" role="alert">
            {trouble.value}{' '}
            <button type="button" class="button-link" onClick={() => void loadList()}>
              {strings.retry}
            </button>
          </p>
        )}
        <ul class="contacts-rows">
          {listed.value?.contacts.map((contact) => (
            <Row key={contact.id} contact={contact} />
          ))}
        </ul>
        <Foot />
      </div>
    </section>
  )
}

async function takeChange(id: number): Promise<void> {
  if (!listed.value?.contacts.some((one) => one.id === id)) return
  const contact = await call<Contact>(`${accountPath()}/contacts/${id}`).catch((error) =>
    error.status === 404 ? undefined : null,
  )
  if (contact !== null) takeContact(id, contact)
}

function Head() {
  const isFiltering = useSignal(false)
  const { sort, conditions } = wanted.value
  return (
    <header class="contacts-head">
      <div class="contacts-title">
        <PeopleTabs />
        <a class="button button-small" href={addressFor('new')}>
          <Icon name="plus" /> {t.create}
        </a>
      </div>
      <SearchField />
      <div class="contacts-tools">
        <select
          aria-label={t.sort}
          value={sort}
          disabled={conditions.length > 0}
          onChange={({ currentTarget }) => go(addressFor(openItem(), { sort: currentTarget.value as Sort }))}
        >
          {Object.entries(t.sorts).map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
        <button
          type="button"
          class="button-quiet button-small"
          aria-expanded={isFiltering.value}
          onClick={() => {
            isFiltering.value = !isFiltering.value
          }}
        >
          <Icon name="filter" /> {conditions.length > 0 ? t.filterCount(conditions.length) : t.filter}
        </button>
      </div>
      {isFiltering.value && (
        <FilterPanel
          key={search.value}
          onClose={() => {
            isFiltering.value = false
          }}
        />
      )}
      <div class="contacts-title">
        <p class="contacts-count quiet" role="status">
          {countText()}
        </p>
        {isAdministrator.value && (
          <span class="contacts-files">
            <a href={addressFor('import')}>{t.import}</a>
            <a href={`${accountPath()}/contacts/export`} download="contacts.csv">
              {t.exportAll}
            </a>
          </span>
        )}
      </div>
    </header>
  )
}

function openItem(): number | undefined {
  return typeof openContact.value === 'number' ? openContact.value : undefined
}

function countText(): string {
  if (!listed.value) return strings.loading
  const { count, isCapped, contacts } = listed.value
  if (isCapped) return t.atLeast(count ?? contacts.length)
  return count === undefined ? '' : t.count(count)
}

// Milliseconds without a letter after which the list is loaded.
const pause = 200

function SearchField() {
  const typed = useSignal(wanted.value.q)
  useEffect(() => {
    if (typed.value === wanted.value.q) return
    const timer = setTimeout(() => go(addressFor(openItem(), { q: typed.value }), { replace: true }), pause)
    return () => clearTimeout(timer)
  }, [typed.value])
  return (
    <input
      type="search"
      aria-label={t.search}
      placeholder={t.search}
      autocomplete="off"
      dir="auto"
      maxLength={200}
      value={typed.value}
      onInput={({ currentTarget }) => {
        typed.value = currentTarget.value
      }}
    />
  )
}

function Row({ contact }: { contact: Contact }) {
  const { id, email, phone_number, company, blocked, labels, last_activity_at } = contact
  const name = contactName(contact)
  const address = [email, phone_number].filter((one) => one && one !== name).join(' · ')
  return (
    <li>
      <a
        class="contacts-row"
        href={addressFor(id)}
        aria-current={openContact.value === id ? 'page' : undefined}
      >
        <Avatar name={name} id={id} initials={contactInitials(contact)} />
        <span class="contacts-row-text">
          <strong>
            <bdi>{name}</bdi>
          </strong>
          {address && <bdi class="quiet">{address}</bdi>}
          {company && <bdi class="quiet">{company.name}</bdi>}
          {(blocked || labels.length > 0) && (
            <span class="chips">
              {blocked && <span class="mark">{t.blocked}</span>}
              {labels.slice(0, 3).map((title) => (
                <LabelChip key={title} title={title} />
              ))}
            </span>
          )}
        </span>
        {last_activity_at !== null && <time class="quiet">{shortTime(last_activity_at)}</time>}
      </a>
    </li>
  )
}

function Foot() {
  if (!listed.value) return null
  const { contacts, next, isPartial } = listed.value
  const isEmpty = contacts.length === 0 && !next
  const isAll = wanted.value.q === '' && wanted.value.conditions.length === 0
  return (
    <div class="contacts-foot">
      {isEmpty && <p class="quiet">{isAll ? t.none : t.notFound}</p>}
      {isPartial && <p class="quiet">{t.searching}</p>}
      {next && (
        <button
          type="button"
          class="button-quiet"
          aria-disabled={isLoading.value}
          onClick={() => void loadMore()}
        >
          {isLoading.value ? strings.loading : t.more}
        </button>
      )}
    </div>
  )
}
