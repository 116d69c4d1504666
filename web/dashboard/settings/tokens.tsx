import { signal, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { AccessToken } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { attempt } from '../data/changes.ts'
import { account, isAdministrator } from '../data/session.ts'
import { confirmAction } from '../parts/confirm-dialog.tsx'
import { go } from '../router.ts'
import { strings } from '../strings.ts'
import { wholeTime } from '../times.ts'
import { CopyField } from './copy-field.tsx'
import { FetchStatus } from './fetch-status.tsx'
import { RadioGroup, SelectField, TextField } from './fields.tsx'
import { Form } from './form.tsx'
import { Page, Section } from './page.tsx'
import { SecretPanel } from './secret-panel.tsx'
import { words } from './strings.ts'
import { useFetch } from './use-fetch.ts'

const t = words.tokens
const path = '/api/v1/profile/access_tokens'
const back = { to: '/settings/tokens', name: words.nav.pages.tokens }
const scopes = ['read', 'write', 'admin'] as const
const days = ['0', '7', '30', '90', '365'] as const

type NewAccessToken = AccessToken & { token: string }

/** The token that was created last, until the person has copied it. */
const created = signal<NewAccessToken | undefined>(undefined)

/** The user's access tokens: all, or a new one. */
export function Tokens({ item }: { item: string | undefined }) {
  if (item === undefined) return <All />
  if (item === 'new') return <New />
  return (
    <Page title={strings.notFound} back={back}>
      {null}
    </Page>
  )
}

function All() {
  const fetched = useFetch<{ payload: AccessToken[] }>(path)
  useEffect(
    () => () => {
      created.value = undefined
    },
    [],
  )
  const accountId = account.value!.id
  const tokens = fetched.value.value?.payload.filter(({ account_ids }) => account_ids.includes(accountId))
  const revoke = async ({ id, name }: AccessToken) => {
    const text = t.revokeText
    if (!(await confirmAction({ title: t.revokeTitle(name), text, action: t.revoke }))) return
    await attempt(() => call(`${path}/${id}`, { method: 'DELETE' }))
    if (created.value?.id === id) created.value = undefined
    await fetched.reload()
  }
  const make = (
    <a class="button" href="/settings/tokens/new">
      {t.make}
    </a>
  )
  return (
    <Page title={words.nav.pages.tokens} lead={t.lead} action={make}>
      {created.value && <Secret {...created.value} />}
      <Section title={t.list}>
        {!tokens && <FetchStatus fetched={fetched} />}
        {tokens?.length === 0 && <p class="quiet">{t.none}</p>}
        <ul class="things">
          {tokens?.map((token) => (
            <li key={token.id} class="thing">
              <div class="thing-text">
                <strong>
                  <bdi>{token.name}</bdi>
                </strong>
                <small class="quiet">{factsOf(token)}</small>
              </div>
              <button
                type="button"
                class="button-quiet button-small"
                aria-label={t.revokeOne(token.name)}
                onClick={() => void revoke(token)}
              >
                {t.revoke}
              </button>
            </li>
          ))}
        </ul>
      </Section>
    </Page>
  )
}

function New() {
  return (
    <Page title={t.makeTitle} back={back}>
      <TokenForm
        onCreated={(token) => {
          created.value = token
          go(back.to, { replace: true })
        }}
      />
    </Page>
  )
}

/** Describes a token in one line: its scope, and when it was used, expires and was created. */
export function factsOf({ scopes: own, expires_at, last_used_at, created_at }: AccessToken): string {
  const widest = scopes.findLast((scope) => own.includes(scope))!
  const hasExpired = expires_at !== null && expires_at * 1000 <= Date.now()
  const end = hasExpired ? t.endedAt : t.endsAt
  return [
    t.scope[widest],
    last_used_at === null ? t.unused : t.usedAt(wholeTime(last_used_at)),
    expires_at === null ? t.endsNever : end(wholeTime(expires_at)),
    t.createdAt(wholeTime(created_at)),
  ].join(' · ')
}

function TokenForm({ onCreated }: { onCreated(token: NewAccessToken): void }) {
  const name = useSignal('')
  const scope = useSignal<(typeof scopes)[number]>('write')
  const current = useSignal('')
  const end = useSignal<(typeof days)[number]>('90')
  const offered = scopes.filter((one) => one !== 'admin' || isAdministrator.value)
  const work = async () => {
    const seconds = Math.floor(Date.now() / 1000) + Number(end.value) * 86_400
    const expires_at = end.value === '0' ? null : seconds
    const proof = scope.value === 'admin' ? { current_password: current.value } : {}
    const account_id = account.value!.id
    const body = { name: name.value, scopes: [scope.value], expires_at, account_id, ...proof }
    onCreated(await call<NewAccessToken>(path, { method: 'POST', body }))
  }
  return (
    <Section title={t.settings}>
      <Form label={t.settings} action={t.make} work={work}>
        <TextField
          name="name"
          label={t.name}
          hint={t.nameHint}
          value={name}
          placeholder={t.namePlaceholder}
        />
        <RadioGroup
          name="scopes"
          label={t.scopes}
          value={scope}
          options={offered.map((value) => ({ value, text: t.scope[value], hint: t.scopeHints[value] }))}
        />
        <SelectField
          name="expires_at"
          label={t.end}
          value={end}
          options={days.map((value) => ({ value, text: t.ends[value] }))}
        />
        {scope.value === 'admin' && (
          <TextField
            name="current_password"
            label={t.current}
            hint={t.currentHint}
            value={current}
            type="password"
            autocomplete="current-password"
          />
        )}
      </Form>
    </Section>
  )
}

function Secret({ name, token }: NewAccessToken) {
  const hide = () => {
    created.value = undefined
  }
  return (
    <SecretPanel title={t.secretTitle(name)} lead={t.secretLead} action={t.copied} hide={hide}>
      <CopyField label={t.secret} text={token} />
    </SecretPanel>
  )
}
