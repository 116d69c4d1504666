import { isCompanies } from '../router.ts'
import { strings } from '../strings.ts'

const t = strings.nav

/** The way between contacts and companies; the one that is open is the heading. */
export function PeopleTabs() {
  const all = [
    { to: '/contacts', name: t.contacts, isHere: !isCompanies.value },
    { to: '/companies', name: t.companies, isHere: isCompanies.value },
  ]
  return (
    <nav class="people-tabs" aria-label={t.contacts}>
      {all.map(({ to, name, isHere }) => (
        <h2 key={to}>
          <a href={to} aria-current={isHere ? 'page' : undefined}>
            {name}
          </a>
        </h2>
      ))}
    </nav>
  )
}
