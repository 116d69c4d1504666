import { useSignal } from '@preact/signals'
import { call } from '../data/call.ts'
import { labels } from '../data/directory.ts'
import { accountPath } from '../data/session.ts'
import { FetchStatus } from './fetch-status.tsx'
import { CheckboxGroup } from './fields.tsx'
import { Form } from './form.tsx'
import { words } from './strings.ts'
import { useFetch } from './use-fetch.ts'

const t = words.inboxes

/** The labels that the visitors of an inbox may set. */
export function VisitorLabels({ inboxId }: { inboxId: number }) {
  const path = `${accountPath()}/inboxes/${inboxId}/visitor_labels`
  const fetched = useFetch<{ payload: string[] }>(path)
  const found = fetched.value.value
  if (!found) return <FetchStatus fetched={fetched} />
  if (labels.value.length === 0) return <p class="quiet">{words.labels.none}</p>
  return <Choice key={path} path={path} chosen={found.payload} />
}

function Choice({ path, chosen }: { path: string; chosen: readonly string[] }) {
  // By their ids: another administrator may rename one meanwhile.
  const value = useSignal<readonly string[]>(
    labels.value.filter(({ title }) => chosen.includes(title)).map(({ id }) => String(id)),
  )
  const save = async () => {
    const ticked = labels.value.filter(({ id }) => value.value.includes(String(id)))
    await call(path, { method: 'PUT', body: { labels: ticked.map(({ title }) => title) } })
  }
  return (
    <Form label={t.visitorLabels} action={words.save} work={save}>
      <CheckboxGroup
        name="labels"
        label={words.nav.pages.labels}
        value={value}
        options={labels.value.map(({ id, title }) => ({ value: String(id), text: title }))}
      />
    </Form>
  )
}
