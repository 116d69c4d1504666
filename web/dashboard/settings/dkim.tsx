import type { DnsRecord } from '../../../src/features/channels/email/schema.ts'
import { CopyField } from './copy-field.tsx'
import type { EmailFieldsState } from './email-settings.ts'
import { emailWords } from './email-strings.ts'
import { CheckboxField, TextField } from './fields.tsx'
import { Section } from './page.tsx'

const t = emailWords.dkim

/** The fields of the key that signs the mails of an inbox. */
export function DkimFields({ settings: { signs, dkim, email, isNew } }: { settings: EmailFieldsState }) {
  return (
    <>
      <CheckboxField name="channel.smtp.dkim" label={t.sign} hint={t.signHint} value={signs} />
      {signs.value && (
        <>
          <TextField
            name="channel.smtp.dkim.domain"
            label={t.domain}
            hint={t.domainHint}
            value={dkim.domain}
            placeholder={email.value.split('@')[1] || 'example.com'}
            isOptional
          />
          <TextField
            name="channel.smtp.dkim.selector"
            label={t.selector}
            value={dkim.selector}
            placeholder="ndoto"
          />
          <TextField
            name="channel.smtp.dkim.private_key"
            label={t.privateKey}
            hint={isNew ? t.privateKeyHint : `${t.privateKeyHint}. ${t.privateKeyStored}`}
            value={dkim.privateKey}
            rows={4}
            isOptional={!isNew}
          />
        </>
      )}
    </>
  )
}

/** The record that publishes this key. */
export function DkimRecord({ record: { name, value } }: { record: DnsRecord }) {
  return (
    <Section title={t.title} lead={t.lead}>
      <p>{t.name}</p>
      <CopyField label={t.name} text={name} />
      <p>{t.value}</p>
      <CopyField label={t.value} text={value} isLong />
    </Section>
  )
}
