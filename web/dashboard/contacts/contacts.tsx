import './contacts.css'
import './edit-field.css'
import '../settings/style/settings.css'
import '../settings/style/forms.css'
import { useEffect } from 'preact/hooks'
import { loadDirectory } from '../data/directory.ts'
import { openContact } from '../router.ts'
import { ContactPane } from './contact.tsx'
import { ImportContacts } from './import.tsx'
import { ContactList } from './list.tsx'
import { NewContact } from './new.tsx'
import { contactWords as t } from './strings.ts'

/** The page of contacts: the list, and the contact that the address names. */
export function Contacts() {
  const item = openContact.value
  useEffect(() => void loadDirectory().catch(() => {}), [])
  return (
    <div class="contacts" data-open={item !== undefined || undefined}>
      <ContactList />
      <main class="page" id="page" tabIndex={-1}>
        {item === undefined && (
          <>
            <h1 class="unseen">{t.title}</h1>
            <p class="quiet contacts-choose">{t.choose}</p>
          </>
        )}
        {item === 'new' && <NewContact />}
        {item === 'import' && <ImportContacts />}
        {typeof item === 'number' && <ContactPane key={item} id={item} />}
      </main>
    </div>
  )
}
