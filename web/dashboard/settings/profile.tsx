import { useSignal } from '@preact/signals'
import type { Locale, Profile as Shape } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { followLanguage } from '../data/chosen-language.ts'
import { loadDirectory } from '../data/directory.ts'
import { profile } from '../data/session.ts'
import { languageFor, languageNames } from '../language.ts'
import { CheckboxField, SelectField, TextField } from './fields.tsx'
import { Form } from './form.tsx'
import { Page, Section } from './page.tsx'
import { Sessions } from './sessions.tsx'
import { SignatureSection } from './signature.tsx'
import { words } from './strings.ts'

const t = words.profile

async function change(body: object): Promise<void> {
  profile.value = await call<Shape>('/api/v1/profile', { method: 'PATCH', body })
  await loadDirectory().catch(() => {})
}

/** The user's own profile, password and sessions. */
export function Profile() {
  return (
    <Page title={words.nav.pages.profile} lead={t.lead}>
      <AboutYou />
      <LanguageSection />
      <SignatureSection />
      <Email />
      <Password />
      <Sessions />
    </Page>
  )
}

function AboutYou() {
  const { name: savedName } = profile.value!
  const name = useSignal(savedName)
  return (
    <Section title={t.aboutYou}>
      <Form label={t.aboutYou} action={words.save} work={() => change({ name: name.value })}>
        <TextField name="name" label={t.name} hint={t.nameHint} value={name} autocomplete="name" />
      </Form>
    </Section>
  )
}

/** The language of the dashboard. Another one is shown after a reload. */
function LanguageSection() {
  const chosen = useSignal<string>(profile.value!.ui_settings.locale ?? '')
  const work = async () => {
    const locale = (chosen.value || null) as Locale | null
    await change({ ui_settings: { locale } })
    followLanguage(locale)
  }
  const own = languageNames[languageFor(navigator.languages)]
  const options = [
    { value: '', text: t.browserLanguage(own) },
    ...Object.entries(languageNames).map(([value, text]) => ({ value, text })),
  ]
  return (
    <Section title={t.language} lead={t.languageLead}>
      <Form label={t.language} action={t.changeLanguage} work={work}>
        <SelectField name="ui_settings.locale" label={t.language} value={chosen} options={options} />
      </Form>
    </Section>
  )
}

function Email() {
  const email = useSignal('')
  const current = useSignal('')
  const work = async () => {
    const body = { email: email.value, current_password: current.value }
    await call('/api/v1/profile/email', { method: 'POST', body })
    current.value = ''
  }
  return (
    <Section title={t.email} lead={t.emailLead(profile.value!.email)}>
      <Form label={t.email} action={t.changeEmail} work={work} done={t.emailSent}>
        <TextField name="email" label={t.newEmail} value={email} type="email" autocomplete="email" />
        <TextField
          name="current_password"
          label={t.current}
          value={current}
          type="password"
          autocomplete="current-password"
        />
      </Form>
    </Section>
  )
}

function Password() {
  const current = useSignal('')
  const next = useSignal('')
  const endTokens = useSignal(false)
  const work = async () => {
    await change({ password: next.value, current_password: current.value, end_tokens: endTokens.value })
    current.value = ''
    next.value = ''
  }
  return (
    <Section title={t.password} lead={t.passwordLead}>
      <Form label={t.password} action={t.change} work={work}>
        <TextField
          name="current_password"
          label={t.current}
          value={current}
          type="password"
          autocomplete="current-password"
        />
        <TextField
          name="password"
          label={t.next}
          hint={t.nextHint}
          value={next}
          type="password"
          autocomplete="new-password"
        />
        <CheckboxField name="end_tokens" label={t.endTokens} hint={t.endTokensHint} value={endTokens} />
      </Form>
    </Section>
  )
}
