import { useEffect } from 'preact/hooks'
import { ListSearch, ListTrouble, MoreButton } from '../contacts/list-parts.tsx'
import { PeopleTabs } from '../contacts/people-tabs.tsx'
import type { Company } from '../data/api-types.ts'
import { hear } from '../data/live.ts'
import { Icon } from '../icons.tsx'
import { Avatar } from '../parts/avatar.tsx'
import { go, openCompany } from '../router.ts'
import { addressFor, list, type Sort, search, wanted } from './state.ts'
import { companyWords as t } from './strings.ts'

/** The companies, with a search and an order. */
export function CompanyList() {
  useEffect(() => void list.load(), [search.value])
  useEffect(() => hear({ company: reload, reset: () => void list.load() }), [])
  return (
    <section class="contacts-list" id="companies" aria-label={t.title} tabIndex={-1}>
      <Head />
      <div class="contacts-scroll" aria-busy={list.isLoading.value}>
        <ListTrouble list={list} />
        <ul class="contacts-rows">
          {list.listed.value?.payload.map((company) => (
            <Row key={company.id} company={company} />
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
  if (!list.listed.value) return null
  const { payload, next } = list.listed.value
  return (
    <div class="contacts-foot">
      {payload.length === 0 && <p class="quiet">{wanted.value.q.trim() === '' ? t.none : t.notFound}</p>}
      {next && <MoreButton list={list} text={t.more} />}
    </div>
  )
}
