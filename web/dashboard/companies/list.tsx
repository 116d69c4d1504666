import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { PeopleTabs } from '../contacts/people-tabs.tsx'
import type { Company } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { hear } from '../data/live.ts'
import { accountPath } from '../data/session.ts'
import { Icon } from '../icons.tsx'
import { Avatar } from '../parts/avatar.tsx'
import { go, openCompany } from '../router.ts'
import { strings } from '../strings.ts'
import {
  addressFor,
  isLoading,
  listed,
  loadList,
  loadMore,
  type Sort,
  search,
  takeCompany,
  trouble,
  wanted,
} from './state.ts'
import { companyWords as t } from './strings.ts'

/** The companies, with a search and an order. */
export function CompanyList() {
  useEffect(() => void loadList(), [search.value])
  useEffect(() => hear({ company: (id) => void takeChange(id), reset: () => void loadList() }), [])
  return (
    <section class="contacts-list" id="companies" aria-label={t.title} tabIndex={-1}>
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
          {listed.value?.companies.map((company) => (
            <Row key={company.id} company={company} />
          ))}
        </ul>
        <Foot />
      </div>
    </section>
  )
}

async function takeChange(id: number): Promise<void> {
  if (!listed.value?.companies.some((one) => one.id === id)) return
  const company = await call<Company>(`${accountPath()}/companies/${id}`).catch((error) =>
    error.status === 404 ? undefined : null,
  )
  if (company !== null) takeCompany(id, company)
}

function Head() {
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
          value={wanted.value.sort}
          disabled={wanted.value.q.trim() !== ''}
          onChange={({ currentTarget }) => go(addressFor(openItem(), { sort: currentTarget.value as Sort }))}
        >
          {Object.entries(t.sorts).map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      </div>
    </header>
  )
}

function openItem(): number | undefined {
  return typeof openCompany.value === 'number' ? openCompany.value : undefined
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

function Row({ company: { id, name, domain, contacts_count } }: { company: Company }) {
  return (
    <li>
      <a
        class="contacts-row"
        href={addressFor(id)}
        aria-current={openCompany.value === id ? 'page' : undefined}
      >
        <Avatar name={name} id={id} />
        <span class="contacts-row-text">
          <strong>
            <bdi>{name}</bdi>
          </strong>
          <bdi class="quiet">{[domain, t.contactCount(contacts_count)].filter(Boolean).join(' · ')}</bdi>
        </span>
      </a>
    </li>
  )
}

function Foot() {
  if (!listed.value) return null
  const { companies, next } = listed.value
  return (
    <div class="contacts-foot">
      {companies.length === 0 && <p class="quiet">{wanted.value.q.trim() === '' ? t.none : t.notFound}</p>}
      {next !== null && (
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
