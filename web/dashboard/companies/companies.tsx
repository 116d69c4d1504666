import '../contacts/contacts.css'
import '../contacts/edit-field.css'
import '../settings/style/settings.css'
import '../settings/style/forms.css'
import { openCompany } from '../router.ts'
import { CompanyPane } from './company.tsx'
import { CompanyList } from './list.tsx'
import { NewCompany } from './new.tsx'
import { companyWords as t } from './strings.ts'

/** The page of companies: the list, and the company that the address names. */
export function Companies() {
  const item = openCompany.value
  return (
    <div class="contacts" data-open={item !== undefined || undefined}>
      <CompanyList />
      <main class="page" id="page" tabIndex={-1}>
        {item === undefined && (
          <>
            <h1 class="unseen">{t.title}</h1>
            <p class="quiet contacts-choose">{t.choose}</p>
          </>
        )}
        {item === 'new' && <NewCompany />}
        {typeof item === 'number' && <CompanyPane key={item} id={item} />}
      </main>
    </div>
  )
}
