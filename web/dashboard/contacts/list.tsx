import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Contact } from '../data/api-types.ts'
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
import { ListSearch, ListTrouble, MoreButton } from './list-parts.tsx'
import { addressFor, list, type Sort, search, wanted } from './list-state.ts'
import { PeopleTabs } from './people-tabs.tsx'
import { contactWords as t } from './strings.ts'

/** The contacts, with a search, an order and a filter. */
export function ContactList() {
  useEffect(() => void list.load(), [search.value])
  useEffect(
    () =>
      hear({
        contact: reload,
        reset: () => void list.load(),
      }),
    [],
  )
  return (
    <section class="contacts-list" id="contacts" aria-label={t.title} tabIndex={-1}>
      <Head />
      <div class="contacts-scroll" aria-busy={list.isLoading.value}>
        <ListTrouble list={list} />
        <ul class="contacts-rows">
          {list.listed.value?.payload.map((contact) => (
            <Row key={contact.id} contact={contact} />
          ))}
        </ul>
        <Foot />
      </div>
    </section>
  )
}

/** The item that is open loads itself. */
function reload(id: number): void {
  if (id !== openItem()) void list.reload(id)
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
      <ListSearch
        label={t.search}
        value={wanted.value.q}
        onSearch={(q) => go(addressFor(openItem(), { q }), { replace: true })}
      />
      <div class="contacts-tools">
        <select
          aria-label={t.sort}
          value={sort}
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
          key={JSON.stringify(conditions)}
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
  if (!list.listed.value) return list.trouble.value === undefined ? strings.loading : ''
  const { count, isCapped, payload } = list.listed.value
  if (isCapped) return t.atLeast(count ?? payload.length)
  return count === undefined ? '' : t.count(count)
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
  if (!list.listed.value) return null
  const { payload, next, isPartial } = list.listed.value
  const isEmpty = payload.length === 0 && !next
  const isAll = wanted.value.q === '' && wanted.value.conditions.length === 0
  return (
    <div class="contacts-foot">
      {isEmpty && <p class="quiet">{isAll ? t.none : t.notFound}</p>}
      {isPartial && <p class="quiet">{t.searching}</p>}
      {next && <MoreButton list={list} text={t.more} />}
    </div>
  )
}
