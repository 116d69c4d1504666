import { late } from './late.tsx'

/** The company of a contact as a field; nothing until that is loaded. */
export const CompanyField = late(
  () => import('../companies/company-field.tsx').then((part) => part.CompanyField),
  () => null,
)
