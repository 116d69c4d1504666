import { useSignal } from '@preact/signals'
import type { Label as Shape } from '../data/api-types.ts'
import { call } from '../data/call.ts'
import { isDirectoryKnown, labels, loadDirectory } from '../data/directory.ts'
import { accountPath } from '../data/session.ts'
import { LabelChip } from '../parts/label-chip.tsx'
import { go } from '../router.ts'
import { strings } from '../strings.ts'
import { CheckboxField, TextField } from './fields.tsx'
import { Form } from './form.tsx'
import { Page, Section } from './page.tsx'
import { RemoveSection } from './remove-section.tsx'
import { words } from './strings.ts'

const t = words.labels
const back = { to: '/settings/labels', name: words.nav.pages.labels }

/** The labels: all, one of them, or a new one. */
export function Labels({ item }: { item: string | undefined }) {
  if (item === undefined) return <All />
  if (item === 'new') return <New />
  const label = labels.value.find(({ id }) => String(id) === item)
  if (label) return <Label label={label} />
  return (
    <Page title={isDirectoryKnown.value ? strings.notFound : strings.loading} back={back}>
      {null}
    </Page>
  )
}

function All() {
  const make = (
    <a class="button" href="/settings/labels/new">
      {t.make}
    </a>
  )
  return (
    <Page title={words.nav.pages.labels} lead={t.lead} action={make}>
      <section class="panel" aria-label={words.nav.pages.labels}>
        {isDirectoryKnown.value && labels.value.length === 0 && <p class="quiet">{t.none}</p>}
        <ul class="things">
          {labels.value.map(({ id, title, description, show_on_sidebar }) => (
            <li key={id} class="thing">
              <div class="thing-text">
                <a href={`/settings/labels/${id}`}>
                  <LabelChip title={title} />
                </a>
                {description && <small class="quiet">{description}</small>}
              </div>
              {!show_on_sidebar && <span class="mark">{t.hidden}</span>}
            </li>
          ))}
        </ul>
      </section>
    </Page>
  )
}

function New() {
  const work = async (body: object) => {
    await call(`${accountPath()}/labels`, { method: 'POST', body })
    await loadDirectory()
    go(back.to, { replace: true })
  }
  return (
    <Page title={t.makeTitle} back={back}>
      <Section title={t.settings}>
        <LabelForm action={t.make} work={work} />
      </Section>
    </Page>
  )
}

function Label({ label }: { label: Shape }) {
  const { id, title } = label
  const path = `${accountPath()}/labels/${id}`
  const work = async (body: object) => {
    await call(path, { method: 'PATCH', body })
    await loadDirectory()
  }
  return (
    <Page title={title} back={back}>
      <Section title={t.settings}>
        <LabelForm label={label} action={words.save} work={work} />
      </Section>
      <RemoveSection texts={t} name={title} path={path} to={back.to} reload={loadDirectory} />
    </Page>
  )
}

interface LabelFormProps {
  label?: Shape
  action: string
  work(body: object): Promise<void>
}

function LabelForm({ label, action, work }: LabelFormProps) {
  const title = useSignal(label?.title ?? '')
  const description = useSignal(label?.description ?? '')
  const color = useSignal(label?.color ?? '#1f93ff')
  const isShown = useSignal(label?.show_on_sidebar ?? true)
  const send = () =>
    work({
      // The rule of the server, which says what is wrong with other characters.
      title: title.value.trim().toLowerCase().replace(/\s+/g, '-'),
      description: description.value.trim() || null,
      color: color.value,
      show_on_sidebar: isShown.value,
    })
  return (
    <Form label={t.settings} action={action} work={send}>
      <TextField
        name="title"
        label={t.title}
        hint={t.titleHint}
        value={title}
        placeholder={t.titlePlaceholder}
      />
      <TextField name="description" label={t.description} value={description} isOptional />
      <TextField name="color" label={t.color} value={color} type="color" />
      <CheckboxField name="show_on_sidebar" label={t.isShown} hint={t.isShownHint} value={isShown} />
    </Form>
  )
}
