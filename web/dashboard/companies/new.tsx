import { useSignal } from '@preact/signals'
import type { Company } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { accountPath } from '../data/session.ts'
import { go } from '../router.ts'
import { TextField } from '../settings/fields.tsx'
import { Form } from '../settings/form.tsx'
import { Page, Section } from '../settings/page.tsx'
import { addressFor, list } from './state.ts'
import { companyWords as t } from './strings.ts'

/** A form for a company that does not exist yet. */
export function NewCompany() {
  const name = useSignal('')
  const domain = useSignal('')
  const description = useSignal('')
  const work = async () => {
    const body = {
      name: name.value,
      domain: domain.value.trim() || null,
      description: description.value.trim() || null,
    }
    const created = await call<Company>(`${accountPath()}/companies`, { method: 'POST', body })
    go(addressFor(created.id), { replace: true })
    void list.load()
  }
  return (
    <Page title={t.create} back={{ to: addressFor(undefined), name: t.back }}>
      <Section title={t.details}>
        <Form label={t.create} action={t.createIt} work={work}>
          <TextField name="name" label={t.name} value={name} />
          <TextField name="domain" label={t.domain} hint={t.domainHint} value={domain} isOptional />
          <TextField name="description" label={t.description} value={description} isOptional />
        </Form>
      </Section>
    </Page>
  )
}
