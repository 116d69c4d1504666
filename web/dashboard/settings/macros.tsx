import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import './style/macros.css'
import { CallError } from '../../shared/api.ts'
import type { Action, Macro } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { agents } from '../data/directory.ts'
import { loadMacros, macros } from '../data/macros.ts'
import { accountPath, isAdministrator, profile } from '../data/session.ts'
import { list } from '../language.ts'
import { go } from '../router.ts'
import { strings } from '../strings.ts'
import { RadioGroup, TextField } from './fields.tsx'
import { Form } from './form.tsx'
import { MacroActions } from './macro-actions.tsx'
import { macroWords as t } from './macro-strings.ts'
import { Page, Section } from './page.tsx'
import { RemoveSection } from './remove-section.tsx'
import { words } from './strings.ts'

const title = strings.settingsPages.macros
const back = { to: '/settings/macros', name: title }

/** The macros: all, one of them, or a new one. */
export function Macros({ item }: { item: string | undefined }) {
  const trouble = useSignal<string | undefined>(undefined)
  useEffect(() => {
    loadMacros().catch((error: Error) => {
      trouble.value = error.message
    })
  }, [])
  if (item === 'new') return <New />
  if (item === undefined) return <All trouble={trouble.value} />
  const macro = macros.value?.find(({ id }) => String(id) === item)
  if (macro) return <One macro={macro} />
  return (
    <Page title={macros.value ? strings.notFound : strings.loading} back={back}>
      {null}
    </Page>
  )
}

function All({ trouble }: { trouble: string | undefined }) {
  const make = (
    <a class="button" href="/settings/macros/new">
      {t.make}
    </a>
  )
  return (
    <Page title={title} lead={t.lead} action={make}>
      <section class="panel" aria-label={title}>
        {trouble !== undefined && <p role="alert">{strings.complaint(trouble)}</p>}
        {macros.value?.length === 0 && <p class="quiet">{t.none}</p>}
        <ul class="things">
          {macros.value?.map(({ id, name, actions, visibility }) => (
            <li key={id} class="thing">
              <div class="thing-text">
                <strong>
                  <a href={`/settings/macros/${id}`}>
                    <bdi>{name}</bdi>
                  </a>
                </strong>
                <small class="quiet">{list(actions.map((action) => t.names[action.action_name]))}</small>
              </div>
              {visibility === 'mine' && <span class="mark">{t.mine}</span>}
            </li>
          ))}
        </ul>
      </section>
    </Page>
  )
}

function New() {
  const work = async (body: object) => {
    await call(`${accountPath()}/macros`, { method: 'POST', body })
    await loadMacros()
    go(back.to, { replace: true })
  }
  return (
    <Page title={t.makeTitle} back={back}>
      <Section title={t.settings}>
        <MacroForm action={t.make} work={work} />
      </Section>
    </Page>
  )
}

function One({ macro }: { macro: Macro }) {
  const { id, name, author_id } = macro
  const path = `${accountPath()}/macros/${id}`
  if (author_id !== profile.value?.id && !isAdministrator.value) {
    const author = agents.value.find((agent) => agent.id === author_id)?.name ?? ''
    return (
      <Page title={name} lead={t.readOnly(author)} back={back}>
        {null}
      </Page>
    )
  }
  const work = async (body: object) => {
    await call(path, { method: 'PATCH', body })
    await loadMacros()
  }
  return (
    <Page title={name} back={back}>
      <Section title={t.settings}>
        <MacroForm macro={macro} action={words.save} work={work} />
      </Section>
      <RemoveSection texts={t} name={name} path={path} to={back.to} reload={loadMacros} />
    </Page>
  )
}

interface MacroFormProps {
  macro?: Macro
  action: string
  work(body: object): Promise<void>
}

function MacroForm({ macro, action, work }: MacroFormProps) {
  const name = useSignal(macro?.name ?? '')
  const visibility = useSignal<Macro['visibility']>(macro?.visibility ?? 'account')
  const actions = useSignal<readonly Action[]>(
    macro?.actions ?? [{ action_name: 'send_message', action_params: [''] }],
  )
  const send = () =>
    work({
      name: name.value.trim(),
      actions: actions.value,
      // It cannot be changed.
      ...(macro ? {} : { visibility: visibility.value }),
    }).catch((error: CallError) => {
      throw withSteps(error)
    })
  return (
    <Form label={t.settings} action={action} work={send}>
      <TextField name="name" label={t.name} placeholder={t.namePlaceholder} value={name} />
      <MacroActions actions={actions} />
      {!macro && (
        <RadioGroup
          name="visibility"
          label={t.visibility}
          value={visibility}
          options={(['account', 'mine'] as const).map((value) => ({ value, text: t.visibilities[value] }))}
        />
      )}
    </Form>
  )
}

/** The same error, whose sentences name the steps that they are about. */
function withSteps(error: CallError): CallError {
  const errors = error.fields.map((one) => {
    const [, index] = /^actions\[(\d+)\]/.exec(one.field) ?? []
    return index === undefined
      ? one
      : { ...one, field: 'actions', message: t.stepError(Number(index) + 1, one.message) }
  })
  return new CallError(error.status, error.message, error.retryAfter, { ...error.body, errors })
}
