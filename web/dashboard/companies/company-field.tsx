import { foldName } from '../../../src/lib/text/fold-name.ts'
import { EditField } from '../contacts/edit-field.tsx'
import '../contacts/edit-field.css'
import type { Company, Contact } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { accountPath } from '../data/session.ts'
import { findCompanies } from './names.ts'
import { companyWords as t } from './strings.ts'

interface Props {
  contact: Contact
  /** Changes the contact. Throws CallError. */
  save(body: object): Promise<void>
}

/** The company of a contact. A name that no company has creates one. */
export function CompanyField({ contact: { company }, save }: Props) {
  const choose = async (name: string) => save({ company_id: name === '' ? null : await idOf(name) })
  return (
    <EditField
      label={t.company}
      name="name"
      hint={t.companyHint}
      value={company?.name ?? ''}
      extra={company && <a href={`/companies/${company.id}`}>{t.open}</a>}
      suggest={async (text) => (await findCompanies(text)).map(({ name }) => name)}
      save={choose}
    />
  )
}

async function idOf(name: string): Promise<number> {
  // The search returns the company with this name first.
  const [first] = await findCompanies(name)
  if (first && foldName(first.name) === foldName(name)) return first.id
  return (await call<Company>(`${accountPath()}/companies`, { method: 'POST', body: { name } })).id
}
