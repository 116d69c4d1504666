import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { inboxes } from '../data/directory.ts'
import { loadSignature, saveSignature, signatureIn } from '../data/signatures.ts'
import { strings } from '../strings.ts'
import { CheckboxField, TextField } from './fields.tsx'
import { Form } from './form.tsx'
import { Section } from './page.tsx'
import { signatureWords as t } from './signature-strings.ts'
import { words } from './strings.ts'

/** The user's signature in each of their inboxes. */
export function SignatureSection() {
  const chosen = useSignal<number | undefined>(undefined)
  const inbox = chosen.value ?? inboxes.value[0]?.id
  if (inbox === undefined) return null
  return (
    <Section title={t.title} lead={t.lead}>
      {inboxes.value.length > 1 && (
        <div class="field">
          <label for="signature-inbox">{strings.list.inbox}</label>
          <select
            id="signature-inbox"
            value={inbox}
            title={inboxes.value.find(({ id }) => id === inbox)?.name}
            onChange={({ currentTarget }) => {
              chosen.value = Number(currentTarget.value)
            }}
          >
            {inboxes.value.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </div>
      )}
      <OfInbox key={inbox} inbox={inbox} />
    </Section>
  )
}

function OfInbox({ inbox }: { inbox: number }) {
  const trouble = useSignal<string | undefined>(undefined)
  useEffect(() => {
    loadSignature(inbox).catch((error: Error) => {
      trouble.value = error.message
    })
  }, [])
  const signature = signatureIn(inbox)
  if (trouble.value !== undefined) return <p role="alert">{strings.complaint(trouble.value)}</p>
  if (!signature) return <p class="quiet">{strings.loading}</p>
  return <SignatureForm inbox={inbox} saved={signature} />
}

function SignatureForm({
  inbox,
  saved,
}: {
  inbox: number
  saved: { content: string; append_by_default: boolean }
}) {
  const content = useSignal(saved.content)
  const isDefault = useSignal(saved.content === '' || saved.append_by_default)
  const work = () => saveSignature(inbox, { content: content.value, append_by_default: isDefault.value })
  return (
    <Form label={t.title} action={words.save} work={work}>
      <TextField name="content" label={t.content} hint={t.contentHint} value={content} rows={4} isOptional />
      <CheckboxField name="append_by_default" label={t.isDefault} hint={t.isDefaultHint} value={isDefault} />
    </Form>
  )
}
