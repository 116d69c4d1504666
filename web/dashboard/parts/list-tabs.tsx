import { isDirectoryKnown, views } from '../data/directory.ts'
import { filter, searchOf } from '../data/filter.ts'
import { counts, isCapped } from '../data/list.ts'
import { number } from '../language.ts'
import { path } from '../router.ts'
import { strings } from '../strings.ts'

const t = strings.list
const tabs = ['me', 'unassigned', 'all'] as const

/** The tabs of the list with their counts; instead of them, the name and the count of a view or a special list. */
export function ListTabs() {
  const { tab, view, specialList } = filter.value
  if (view) return <ViewHead id={view} />
  if (specialList) return <Head name={t.specialLists[specialList]} isKnown />
  return (
    <nav class="tabs" aria-label={t.title}>
      {tabs.map((name) => (
        <a
          key={name}
          href={path.value + searchOf({ tab: name })}
          aria-current={tab === name ? 'true' : undefined}
          data-tab={name}
        >
          {t.tabs[name]} <Count of={name} />
        </a>
      ))}
    </nav>
  )
}

function ViewHead({ id }: { id: number }) {
  const view = views.value.find((one) => one.id === id)
  const name = view?.name ?? (isDirectoryKnown.value ? t.noView : strings.loading)
  return <Head name={name} isKnown={view !== undefined} />
}

function Head({ name, isKnown }: { name: string; isKnown: boolean }) {
  return (
    <div class="view-head">
      <h2 title={name}>
        <bdi>{name}</bdi>
      </h2>
      {isKnown && <Count of="all" />}
      <a href={path.value + searchOf({ view: undefined })}>{t.leaveView}</a>
    </div>
  )
}

function Count({ of }: { of: (typeof tabs)[number] }) {
  const count = counts.value[of]
  return <span class="count">{number(count) + (isCapped.value ? '+' : '')}</span>
}
