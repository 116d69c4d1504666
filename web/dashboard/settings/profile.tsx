import { useSignal } from '@preact/signals'
import type { Profile as Shape } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { loadDirectory } from '../data/directory.ts'
import { profile } from '../data/session.ts'
import { CheckboxField, TextField } from './fields.tsx'
import { Form } from './form.tsx'
import { Page, Section } from './page.tsx'
import { Sessions } from './sessions.tsx'
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
      <Password />
      <Sessions />
    </Page>
  )
}

function AboutYou() {
  const { name: savedName, email } = profile.value!
  const name = useSignal(savedName)
  return (
    <Section title={t.aboutYou}>
      <Form label={t.aboutYou} action={words.save} work={() => change({ name: name.value })}>
        <TextField name="name" label={t.name} hint={t.nameHint} value={name} autocomplete="name" />
        <div class="field">
          <label for="email">{t.email}</label>
          <input id="email" value={email} readOnly aria-describedby="email-hint" />
          <small class="quiet" id="email-hint">
            {t.emailHint}
          </small>
        </div>
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
