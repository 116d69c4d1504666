import { useSignal } from '@preact/signals'
import type { Contact } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { accountPath } from '../data/session.ts'
import { go } from '../router.ts'
import { TextField } from '../settings/fields.tsx'
import { Form } from '../settings/form.tsx'
import { Page, Section } from '../settings/page.tsx'
import { addressFor, list } from './list-state.ts'
import { contactWords as t } from './strings.ts'

/** A form for a contact that does not exist yet. */
export function NewContact() {
  const name = useSignal('')
  const email = useSignal('')
  const phone = useSignal('')
  const identifier = useSignal('')
  const work = async () => {
    const fields = { name, email, phone_number: phone, identifier }
    const body = Object.fromEntries(
      Object.entries(fields).map(([key, { value }]) => [key, value.trim() || null]),
    )
    const created = await call<Contact>(`${accountPath()}/contacts`, { method: 'POST', body })
    go(addressFor(created.id), { replace: true })
    void list.load()
  }
  return (
    <Page title={t.create} back={{ to: addressFor(undefined), name: t.back }}>
      <Section title={t.details}>
        <Form label={t.create} action={t.createIt} work={work}>
          <TextField name="name" label={t.name} value={name} isOptional />
          <TextField name="email" label={t.email} value={email} type="email" isOptional />
          <TextField name="phone_number" label={t.phone} hint={t.phoneHint} value={phone} isOptional />
          <TextField
            name="identifier"
            label={t.identifier}
            hint={t.identifierHint}
            value={identifier}
            isOptional
          />
        </Form>
      </Section>
    </Page>
  )
}
