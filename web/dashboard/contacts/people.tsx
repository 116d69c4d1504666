import { Companies } from '../companies/companies.tsx'
import { isCompanies } from '../router.ts'
import { Contacts } from './contacts.tsx'

/** The page of contacts, or of companies. They are loaded together, because people go from one to the other. */
export function People() {
  return isCompanies.value ? <Companies /> : <Contacts />
}
